import { needsAnswers } from '../../../lambda/config/answers/answer-secrets.ts';
import type { Config } from '../../../lambda/config/config.ts';
import { withTimeLimit } from '../../../lambda/wire/time-limit.ts';
import { namesOf } from '../../../lib/naming/names.ts';
import type { DeploymentCheckContext } from '../check-context.ts';
import { type Check, type CheckResult, passed, problem } from '../check-result.ts';

/** Milliseconds: a new container starts within a second or two. */
const PATIENCE = 10_000;

/** Checks whether the function URL that takes acknowledgements answers. None if the config needs none. */
export function answerUrlChecks(config: Config): readonly Check<DeploymentCheckContext>[] {
  return needsAnswers(config) ? [{ name: 'answers', region: config.home, run: checkAnswerUrl }] : [];
}

export async function checkAnswerUrl({ aws, config }: DeploymentCheckContext): Promise<CheckResult> {
  const stack = await aws.stack(config.home, namesOf(config).stack('home'));
  const url = stack?.outputs.get('AnswersUrl');
  if (url === undefined)
    return problem('fail', 'the home stack has no URL for acknowledgements', "npx cdk deploy '*/Home'");
  const status = await statusOf(`${url}health`);
  if (status === 204) return passed(`${url} answers; Slack and PagerDuty need it with \`slack\` and \`pagerduty\``);
  return problem('fail', `${url} ${typeof status === 'number' ? `answers ${status}` : status}`, fixOf(status));
}

/** In words if there is no answer. */
async function statusOf(url: string): Promise<number | string> {
  try {
    return await withTimeLimit(PATIENCE, undefined, async (signal) => {
      const answer = await fetch(url, { redirect: 'manual', signal });
      await answer.body?.cancel();
      return answer.status;
    });
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return `does not answer: ${cause instanceof Error ? cause.message : String(cause)}`;
  }
}

function fixOf(status: number | string): string {
  if (status === 429) return 'see docs/runbook.md#answers-throttled';
  if (status === 403) return "npx cdk deploy '*/Home' --revert-drift";
  return 'see docs/runbook.md#answers-errors';
}
