import { EXIT_CODES } from './arguments/usage-error.ts';
import { main } from './program.ts';

// Disables the warning of the AWS SDK about Node 20, which every command would print.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
// `history … | head` closes the output early, which is not an error.
process.stdout.on('error', (error: NodeJS.ErrnoException) =>
  process.exit(error.code === 'EPIPE' ? 0 : EXIT_CODES.unable),
);

// A bundle in CommonJS has no `await` at the top.
void main(process.argv).then((code) => {
  process.exitCode = code;
});
