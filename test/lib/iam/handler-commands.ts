import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const sources = resolve(import.meta.dirname, '../../../lambda');

/** Names of the commands of the SDK that are in the source of the handlers, each once. */
export function commandsOfHandlers(): readonly string[] {
  const commands = readdirSync(sources, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => [...readFileSync(join(sources, file), 'utf8').matchAll(/new (\w+)Command\(/g)])
    .flatMap(([, command]) => (command === undefined ? [] : [command]));
  return [...new Set(commands)];
}
