import { safeText } from '../../lambda/alert/words/safe-text.ts';
import { type CheckResult, problem } from './check-result.ts';

/** An error of AWS or of the way there, and what it means to who runs doctor. */
interface Trouble {
  readonly when: RegExp;
  says(error: Error): string;
  readonly mend: string;
}

/** The first whose expression fits the error's name and message. */
const TROUBLES: readonly Trouble[] = [
  {
    when: /AccessDenied|AuthorizationError|UnauthorizedOperation|not authorized to perform/i,
    says: (error) => `you may not: ${actionOf(error) ?? safeText(error.message, 200)}`,
    mend: 'allow it to the credentials that doctor runs with (docs/deploy.md#doctor)',
  },
  {
    when: /CredentialsProviderError|could not load credentials/i,
    says: () => 'no AWS credentials here',
    mend: "run 'aws configure' or 'aws sso login', or name a profile with --profile",
  },
  {
    when: /ExpiredToken|token.{0,30}expired|expired.{0,30}token/i,
    says: () => 'the AWS credentials have expired',
    mend: "log in again ('aws sso login'), or name another profile with --profile",
  },
  {
    when: /UnrecognizedClient|InvalidClientTokenId|InvalidSignature|SignatureDoesNotMatch|InvalidAccessKeyId|AuthFailure/,
    says: () => 'AWS does not know these credentials here',
    mend: 'look at --profile; a region that you have to opt in to must be enabled in the account first',
  },
  {
    when: /Throttling|TooManyRequests|RequestLimitExceeded/i,
    says: () => 'AWS asks to be asked more slowly',
    mend: 'run doctor again in a minute',
  },
  {
    when: /ResourceNotFound|does not exist|NoSuchEntity|NotFoundException/i,
    says: (error) => `not there: ${safeText(error.message, 200)}`,
    mend: "deploy it: 'npx cdk deploy --all'; with --revert-drift, if it was deleted by hand",
  },
  {
    when: /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ECONNRESET|TimeoutError|NetworkingError/,
    says: (error) => `AWS cannot be reached from here: ${safeText(error.message, 200)}`,
    mend: "look at this machine's network and proxy",
  },
];

/** A check that could not look, in words. */
export function errorResult(thrown: unknown): CheckResult {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const known = TROUBLES.find(({ when }) => when.test(`${error.name} ${error.message}`));
  if (known) return problem('unable', known.says(error), known.mend);
  return problem(
    'unable',
    `${error.name}: ${safeText(error.message, 200)}`,
    'mend what the error says, then run doctor again',
  );
}

/** `ssm:GetParameter` of "User: … is not authorized to perform: ssm:GetParameter on resource: …". */
function actionOf({ message }: Error): string | null {
  return /to perform:? ([\w-]+:\w+)/.exec(message)?.[1] ?? null;
}
