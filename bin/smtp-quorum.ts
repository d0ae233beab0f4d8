import { EXIT_CODES } from './arguments/usage-error.ts';
import { main } from './program.ts';

// The AWS SDK warns on stderr of Node 20 with every command; which Node runs is the reader's own affair.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
// `history … | head` closes our output early; that is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) =>
  process.exit(error.code === 'EPIPE' ? 0 : EXIT_CODES.unable),
);

process.exitCode = await main(process.argv);
