/** The whole monitor in a process of its own, which can be killed. Its clock is set by messages; what happens is printed. */
import { readFileSync, writeSync } from 'node:fs';
import type { Config } from '../../lambda/config/config.ts';
import { startMonitor } from '../../local/monitor.ts';

/** A line of the output. `at` is the true time. */
export type Happening =
  | { readonly what: 'round'; readonly at: number; readonly cpu: number }
  | { readonly what: 'alert'; readonly at: number; readonly alerts: readonly object[] }
  | { readonly what: 'words'; readonly at: number; readonly words: string };

export type Command = { readonly setClock: number } | 'stop';

type Unstamped<Line> = Line extends unknown ? Omit<Line, 'at'> : never;

const [folder = '', configFile = ''] = process.argv.slice(2);
const config = JSON.parse(readFileSync(configFile, 'utf8')) as Config;
let offset = 0;

/** At once, because the process may be killed in the next instant. */
function print(line: Unstamped<Happening>): void {
  const text = Buffer.from(`${JSON.stringify({ ...line, at: Date.now() })}\n`);
  for (let written = 0; written < text.length; ) {
    try {
      written += writeSync(1, text, written);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
    }
  }
}

const say = (words: string) => print({ what: 'words', words });

/** Milliseconds of this process. */
function cpu(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

const monitor = await startMonitor(
  config,
  folder,
  {
    onRoundStart: () => print({ what: 'round', cpu: cpu() }),
    onRoundEnd: () => {},
    showAlert: ({ alert, replaces }) =>
      print({ what: 'alert', alerts: [alert, ...replaces].map(({ id, kind, digest }) => ({ id, kind, digest })) }),
    onError: (what, error) => say(`${what}: ${error}`),
    onGaps: () => {},
    onLog: ({ message }) => say(message),
    onHistoryNotice: say,
  },
  () => Date.now() + offset,
);

process.on('message', (command: Command) => {
  if (command === 'stop') void monitor.stop().then(() => process.exit(0));
  else offset += command.setClock;
});
// The benchmark has ended without a word.
process.on('disconnect', () => process.exit(1));
