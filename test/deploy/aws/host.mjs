// One run of a handler: the event on stdin, the result as JSON after a NUL on stdout, as the runtime of Lambda would
// import and call it. The test sets its clock: rounds are named by minutes, for which no test should wait.
import { readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const { Date: Clock } = globalThis;
const ahead = Number(process.env.CLOCK_AHEAD);
globalThis.Date = class extends Clock {
  static now = () => Clock.now() + ahead;
  constructor(...given) {
    super(...(given.length === 0 ? [Clock.now() + ahead] : given));
  }
};

const [module, name] = process.env._HANDLER.split('.');
const event = JSON.parse(readFileSync(0, 'utf8'));

const end = performance.now() + 1_000 * Number(process.env.TIMEOUT);
const context = {
  functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
  getRemainingTimeInMillis: () => end - performance.now(),
};

async function run() {
  try {
    const exported = await import(pathToFileURL(join(process.env.LAMBDA_TASK_ROOT, `${module}.mjs`)));
    return { result: (await exported[name](event, context)) ?? null };
  } catch (error) {
    console.error(error);
    return { error: String(error) };
  }
}

const outcome = await run();
writeSync(1, `\0${JSON.stringify(outcome)}`);
process.exit();
