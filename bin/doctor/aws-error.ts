import { safeText } from '../../lambda/alert/words/safe-text.ts';
import { type CheckResult, problem } from './check-result.ts';

/** An error of AWS or of the network, and what it means to the person who runs `doctor`. */
interface KnownError {
  readonly when: RegExp;
  detail(error: Error): string;
  readonly fix: string;
}

/** The first entry whose expression matches the name and message of the error applies. */
const ERRORS: readonly KnownError[] = [
  {
    when: /AccessDenied|AuthorizationError|UnauthorizedOperation|not authorized to perform/i,
    detail: (error) => `permission denied: ${actionOf(error) ?? safeText(error.message, 200)}`,
    fix: 'grant it to the credentials that doctor uses (docs/deploy.md#doctor)',
  },
  {
    when: /CredentialsProviderError|could not load credentials/i,
    detail: () => 'no AWS credentials found',
    fix: "run 'aws configure' or 'aws sso login', or select a profile with --profile",
  },
  {
    when: /ExpiredToken|token.{0,30}expired|expired.{0,30}token/i,
    detail: () => 'the AWS credentials have expired',
    fix: "run 'aws sso login', or select another profile with --profile",
  },
  {
    when: /UnrecognizedClient|InvalidClientTokenId|InvalidSignature|SignatureDoesNotMatch|InvalidAccessKeyId|AuthFailure/,
    detail: () => 'AWS does not accept these credentials in this region',
    fix: 'check --profile; an opt-in region must be enabled in the account first',
  },
  {
    when: /Throttling|TooManyRequests|RequestLimitExceeded/i,
    detail: () => 'AWS is throttling requests',
    fix: 'run doctor again in a minute',
  },
  {
    when: /ResourceNotFound|does not exist|NoSuchEntity|NotFoundException/i,
    detail: (error) => `not found: ${safeText(error.message, 200)}`,
    fix: "run 'npx cdk deploy --all', with --revert-drift if it was deleted by hand",
  },
  {
    when: /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ECONNRESET|TimeoutError|NetworkingError/,
    detail: (error) => `cannot reach AWS: ${safeText(error.message, 200)}`,
    fix: 'check the network and proxy settings of this machine',
  },
];

/** The result of a check that threw. */
export function errorResult(thrown: unknown): CheckResult {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const known = ERRORS.find(({ when }) => when.test(`${error.name} ${error.message}`));
  if (known) return problem('unable', known.detail(error), known.fix);
  return problem(
    'unable',
    `${error.name}: ${safeText(error.message, 200)}`,
    'fix the cause of this error, then run doctor again',
  );
}

/** `ssm:GetParameter` of "User: … is not authorized to perform: ssm:GetParameter on resource: …". */
function actionOf({ message }: Error): string | null {
  return /to perform:? ([\w-]+:\w+)/.exec(message)?.[1] ?? null;
}
