import { safeText } from '../../lambda/alert/words/safe-text.ts';
import { durationText } from '../../lambda/alert/words/time-text.ts';
import { localVantage } from '../../lambda/config/schema/aws-regions.ts';
import { roundsSince } from '../../lambda/consensus/judgement/policy.ts';
import type { ReachAnswer } from '../../lambda/probe/diagnose-for-doctor.ts';
import { failureOf } from '../../lambda/smtp/failures/failures.ts';
import { type CheckContext, portsOf, reachName, reachQuestions } from './check-context.ts';
import { type Check, type CheckResult, passed, problem } from './check-result.ts';
import { port25Fix } from './port-25-advice.ts';

/** The checks of one vantage, a region or this machine. */
export function vantageChecks(
  { config }: Pick<CheckContext, 'config'>,
  vantage: string,
): readonly Check<CheckContext>[] {
  const usesSecrets = config.targets.some(({ auth }) => auth !== undefined);
  return [
    { name: 'names', region: vantage, run: async (context) => checkNames((await context.diagnosis(vantage)).knocks) },
    ...portsOf(reachQuestions(config)).map((port) => ({
      name: `port ${port}`,
      region: vantage,
      run: (context: CheckContext) => checkPort(context, port, vantage),
    })),
    ...(usesSecrets
      ? [{ name: 'secrets', region: vantage, run: (context: CheckContext) => checkSecrets(context, vantage) }]
      : []),
    { name: 'last round', region: vantage, run: (context) => checkLastRound(context, vantage) },
  ];
}

/** Fails if the resolver fails; a name that does not exist is a warning about the target. */
function checkNames(answers: readonly ReachAnswer[]): CheckResult {
  const unresolved = answers.filter(isUnresolved);
  const [first] = unresolved.filter(({ code }) => code === 'dns-timeout' || code === 'dns-refused');
  if (first)
    return problem('fail', `the resolver does not answer (${answerText(first)})`, 'check the resolver of this vantage');
  const [missing] = unresolved;
  if (missing) {
    return problem(
      'warn',
      `some names are not found (${unresolved.map(answerText).join('; ')})`,
      `check the DNS records of ${reachName(missing)}`,
    );
  }
  return passed('the resolver answers');
}

/** A port is open if one server on it sent any answer. */
async function checkPort(context: CheckContext, port: number, vantage: string): Promise<CheckResult> {
  const answers = (await context.diagnosis(vantage)).knocks.filter((answer) => answer.port === port);
  const [reached] = answers.filter((answer) => answer.reached);
  if (reached) return passed(`open: ${reachName(reached)} answers`);
  const tried = answers.filter((answer) => !isUnresolved(answer));
  if (tried.length === 0)
    return problem('unable', `no server to connect to: ${answers.map(answerText).join('; ')}`, FIX_NAMES);
  // A blocked port drops packets; a server that refuses the connection was reached.
  const blocked = port === 25 && !tried.every(({ code }) => code === 'connect-refused');
  const fix = blocked ? await port25Fix(context, vantage) : FIX_SERVERS;
  return problem('fail', `closed: ${tried.map(answerText).join('; ')}`, fix);
}

const FIX_NAMES = "fix the 'names' check first";

const FIX_SERVERS =
  'check that these servers are up; then check firewalls, security groups and routes between them and this vantage';

function isUnresolved({ reached, code }: ReachAnswer): boolean {
  return !reached && failureOf(code ?? '')?.phase === 'dns';
}

function answerText(answer: ReachAnswer): string {
  const why = answer.detail === null ? answer.code : safeText(answer.detail, 120);
  return `${reachName(answer)}: ${why}`;
}

async function checkSecrets(context: CheckContext, vantage: string): Promise<CheckResult> {
  const { secrets } = await context.diagnosis(vantage);
  const unreadable = secrets.flatMap(({ secret, error }) =>
    error === null ? [] : [`${secret} (${safeText(error, 160)})`],
  );
  if (unreadable.length === 0) return passed(`${secrets.length} readable`);
  if (vantage === localVantage)
    return problem(
      'warn',
      `not readable in this environment: ${unreadable.join('; ')}`,
      "the environment of the monitor may have it: run 'doctor' in that environment; where the monitor lacks it, 'smtp-quorum status' shows secret-unreadable",
    );
  return problem(
    'fail',
    `not readable: ${unreadable.join('; ')}`,
    `store it in Secrets Manager in ${context.config.home} as plain text; a name that is new in the config needs 'npx cdk deploy --all'`,
  );
}

/** Fails if the last round is too old for the vantage to vote. */
async function checkLastRound(context: CheckContext, vantage: string): Promise<CheckResult> {
  const { policy } = context.config;
  const start =
    vantage === localVantage ? "check that 'npx smtp-quorum start' is running" : 'see docs/runbook.md#vantage-silent';
  const round = await context.lastRound(vantage);
  if (round === null)
    return problem('warn', 'no round yet', `the first round follows within two intervals; if it does not, ${start}`);
  const age = roundsSince(round, policy, context.now);
  if (age <= policy.freshness) return passed(`${round}, fresh`);
  return problem('fail', `${round}, ${durationText(age * policy.every)} ago: this vantage abstains`, start);
}
