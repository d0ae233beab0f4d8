import { exitOnOutputError } from './display/layout/exit-on-output-error.ts';
import { main } from './program.ts';

// Disables the warning of the AWS SDK about Node 20, which every command would print.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
process.stdout.on('error', exitOnOutputError);

/** Milliseconds for what still runs after the output, such as a query to a silent name server. */
const LEFTOVER = 100;

// The clock of `performance.now()` starts with the process. A bundle in CommonJS has no `await` at the top.
void main(process.argv, 0).then((code) => {
  process.exitCode = code;
  // After the output is flushed. The timer does not keep the process: without leftovers, it ends at once.
  process.stdout.write('', () => setTimeout(() => process.exit(), LEFTOVER).unref());
});
