import { exitOnOutputError } from './display/layout/exit-on-output-error.ts';
import { main } from './program.ts';

// Disables the warning of the AWS SDK about Node 20, which every command would print.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
process.stdout.on('error', exitOnOutputError);

// A bundle in CommonJS has no `await` at the top.
void main(process.argv).then((code) => {
  process.exitCode = code;
});
