import type { Config } from '../../../lambda/config/config.ts';
import { pageSettings } from '../../../lambda/config/page/status-page.ts';
import { withTimeLimit } from '../../../lambda/wire/time-limit.ts';
import { namesOf } from '../../../lib/naming/names.ts';
import { publishesPage } from '../../../lib/quotas/quota-inputs.ts';
import { NOW_PATH } from '../../../web/documents/now.ts';
import type { DeploymentCheckContext } from '../check-context.ts';
import { type Check, type CheckResult, passed, problem } from '../check-result.ts';

/** Milliseconds. */
const PATIENCE = 10_000;

/** Checks whether the status page answers as the config says. None if there is no page on AWS. */
export function statusPageChecks(config: Config): readonly Check<DeploymentCheckContext>[] {
  return publishesPage(config) ? [{ name: 'status page', region: config.home, run: checkStatusPage }] : [];
}

export async function checkStatusPage({ aws, config, now }: DeploymentCheckContext): Promise<CheckResult> {
  const stack = await aws.stack(config.home, namesOf(config).stack('home'));
  const url = stack?.outputs.get('PageUrl');
  if (url === undefined) return problem('fail', 'the home stack has no status page', "npx cdk deploy '*/Home'");
  const { access, password } = pageSettings(config, 'aws');
  const answer = await ask(`${url}/${NOW_PATH}`);
  if (access === 'private') return ofPrivate(url, answer, password !== null, stack?.outputs.get('PageHost') ?? '');
  if (answer.status === 200) return ageOf(url, answer.body, now);
  return problem('fail', `${url} ${wordsOf(answer)}`, fixOf(answer, stack?.outputs.get('PageHost') ?? ''));
}

/** Someone without a password, or at another address, must not read it. With `allow` alone this machine may be a reader. */
function ofPrivate(url: string, answer: Answer, hasPassword: boolean, host: string): CheckResult {
  const isRefused = answer.status === 401 || answer.status === 403;
  if (isRefused && hasPassword)
    return passed(`${url} asks for its password; put its digest into the key-value store: docs/deploy.md#status-page`);
  if (isRefused) return passed(`${url} is not for the address of this machine`);
  if (answer.status === 200 && !hasPassword) return passed(`${url} answers; this machine is in \`allow\``);
  if (answer.status === 200)
    return problem(
      'fail',
      `${url} is private, and answers without a password`,
      "npx cdk deploy '*/Home' --revert-drift",
    );
  return problem('fail', `${url} ${wordsOf(answer)}`, fixOf(answer, host));
}

/** Seconds after which the judge, which writes it each round, is late. */
const LATE = 600;

function ageOf(url: string, body: string, now: number): CheckResult {
  const at = Date.parse(/"at":"([^"]+)"/.exec(body)?.[1] ?? '');
  if (now - at <= LATE * 1000) return passed(url);
  return problem('warn', `${url} has a ${NOW_PATH} that is old or cannot be read`, 'see docs/runbook.md#judge-silent');
}

interface Answer {
  /** Null if there is none. */
  readonly status: number | null;
  /** Of an answer 200; else why there is none. */
  readonly body: string;
}

async function ask(url: string): Promise<Answer> {
  try {
    return await withTimeLimit(PATIENCE, undefined, async (signal) => {
      const answer = await fetch(url, { redirect: 'manual', signal });
      return { status: answer.status, body: await answer.text() };
    });
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return { status: null, body: cause instanceof Error ? cause.message : String(cause) };
  }
}

function wordsOf({ status, body }: Answer): string {
  return status === null ? `does not answer: ${body}` : `answers ${status}`;
}

function fixOf({ status }: Answer, host: string): string {
  if (status === null) return `point the domain name at ${host} (docs/deploy.md#status-page)`;
  if (status === 404) return 'wait five minutes for the first publication, then see docs/runbook.md#page-silent';
  return "npx cdk deploy '*/Home' --revert-drift";
}
