import { errorText, UsageError } from '../arguments/usage-error.ts';
import { errorResult } from '../doctor/aws-error.ts';

/** An error of a call to AWS, in words. Errors that already are in words are returned unchanged. */
export function callProblem(error: unknown): Error {
  if (error instanceof UsageError) return error;
  if (error instanceof Error && /region is missing/i.test(error.message))
    return new UsageError('no region: name it with --region', { cause: error });
  const detail = error instanceof Error ? errorResult(error).detail : errorText(error);
  return new UsageError(`AWS: ${detail}; check --region and --profile`, { cause: error });
}
