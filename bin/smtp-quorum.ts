import { exitOnOutputError } from './display/layout/exit-on-output-error.ts';
import { main } from './program.ts';

// Disables the warning of the AWS SDK about Node 20, which every command would print.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
process.stdout.on('error', exitOnOutputError);

process.exitCode = await main(process.argv);
