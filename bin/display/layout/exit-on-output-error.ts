import { EXIT_CODES } from '../../arguments/usage-error.ts';

/** Ends the process: a command has nothing left to do. `history … | head` closes the output early, which is no error. */
export function exitOnOutputError({ code }: NodeJS.ErrnoException): never {
  process.exit(code === 'EPIPE' ? 0 : EXIT_CODES.unable);
}
