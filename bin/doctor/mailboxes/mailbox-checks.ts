/** The checks of mailboxes: ports, logins and secrets of round trips and of bounce mailboxes; and the logs that bounces are read from. */
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { resolve } from 'node:path';
import { safeText } from '../../../lambda/alert/words/safe-text.ts';
import type { Config } from '../../../lambda/config/config.ts';
import { localVantage } from '../../../lambda/config/schema/aws-regions.ts';
import type { MailboxAnswer, MailboxDiagnosis } from '../../../lambda/mailbox-check/diagnose-mailboxes.ts';
import {
  bounceQuestions,
  type MailboxQuestions,
  tripQuestions,
} from '../../../lambda/mailbox-check/mailbox-questions.ts';
import type { CheckContext, MailboxUse } from '../check-context.ts';
import { type Check, type CheckResult, passed, problem } from '../check-result.ts';

/** Round trips read their mailboxes from each vantage. */
export function tripMailboxChecks<Context extends CheckContext>(
  config: Config,
  vantage: string,
): readonly Check<Context>[] {
  return checksOf({ use: 'trips', noun: 'trip', questions: tripQuestions(config), home: config.home }, vantage);
}

/** Bounce mailboxes are read in the home region. */
export function bounceMailboxChecks<Context extends CheckContext>(config: Config): readonly Check<Context>[] {
  const questions = bounceQuestions(config);
  return checksOf({ use: 'bounces', noun: 'bounce', questions, home: config.home }, config.home);
}

/** On one machine: `start` waits for a log that does not exist, and cannot read one without permission. */
export function bounceLogChecks<Context>({ bounces }: Config): readonly Check<Context>[] {
  return (bounces?.logs ?? []).map((log) => ({
    name: 'bounce log',
    region: localVantage,
    run: () => checkLog(log),
  }));
}

async function checkLog(log: string): Promise<CheckResult> {
  const path = resolve(log);
  try {
    await access(path, constants.R_OK);
    return passed(`${safeText(path, 160)} can be read`);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'no reason';
    const why = code === 'ENOENT' ? 'there is no such file' : `it cannot be read (${code})`;
    const fix =
      code === 'ENOENT'
        ? 'correct the path in the config; it is relative to the folder in which `start` was started'
        : 'let the user of `start` read it: on Debian, the group adm reads /var/log/mail.log';
    return problem(code === 'ENOENT' ? 'warn' : 'fail', `${safeText(path, 160)}: ${why}`, fix);
  }
}

interface Uses {
  readonly use: MailboxUse;
  readonly noun: string;
  readonly questions: MailboxQuestions;
  readonly home: string;
}

function checksOf<Context extends CheckContext>(
  { use, noun, questions, home }: Uses,
  vantage: string,
): readonly Check<Context>[] {
  const { mailboxes } = questions;
  if (mailboxes.length === 0) return [];
  const ports = [...new Set(mailboxes.map(({ endpoint }) => endpoint.port))].sort((a, b) => a - b);
  const ask = (context: Context) => context.mailboxDiagnosis(vantage, use);
  return [
    ...ports.map(
      (port): Check<Context> => ({
        name: `${noun} mailbox port ${port}`,
        region: vantage,
        run: async (context) => checkPort((await ask(context)).mailboxes.filter((one) => one.port === port)),
      }),
    ),
    { name: `${noun} secrets`, region: vantage, run: async (context) => checkSecrets(await ask(context), home) },
  ];
}

const BEFORE_ANSWER: ReadonlySet<string | null> = new Set(['dns', 'connect']);

/** The worst first: a port that is closed, a login that fails, and a mailbox that was not tried. */
function checkPort(answers: readonly MailboxAnswer[]): CheckResult {
  const unreached = answers.filter(({ phase }) => BEFORE_ANSWER.has(phase));
  if (unreached.length > 0) return problem('fail', `not reached: ${textOf(unreached)}`, FIX_REACH);
  const untried = answers.filter(({ phase }) => phase === 'secret');
  const failed = answers.filter(({ phase }) => phase !== null && phase !== 'secret');
  if (failed.length > 0) return problem('fail', `reached, but not opened: ${textOf(failed)}`, FIX_LOGIN);
  if (untried.length > 0) return problem('unable', `not tried without its password: ${textOf(untried)}`, FIX_SECRETS);
  return passed(`open: ${textOf(answers)}, and the login succeeds`);
}

const FIX_REACH =
  'check the name and the port in the config, and that the server is up; then firewalls, security groups and routes between it and this vantage';
const FIX_LOGIN =
  'for phase auth, check user and password, and that the provider allows the protocol; for tls and certificate, check security, serverName and ca in the config';
const FIX_SECRETS = "fix the 'secrets' check of this vantage first";

function textOf(answers: readonly MailboxAnswer[]): string {
  return answers
    .map(({ host, port, phase, detail }) => {
      const why = detail === null ? '' : ` (phase ${phase}: ${safeText(detail, 160)})`;
      return `${host}:${port}${why}`;
    })
    .join('; ');
}

function checkSecrets({ secrets, vantage }: MailboxDiagnosis, home: string): CheckResult {
  const faulty = secrets.flatMap(({ secret, error }) =>
    error === null ? [] : [`${secret} (${safeText(error, 160)})`],
  );
  if (faulty.length === 0) return passed(`${secrets.length} readable`);
  const isLocal = vantage === localVantage;
  const fix = isLocal
    ? "the environment of the monitor may have it: run 'doctor' in that environment"
    : `store it in Secrets Manager in ${home}; a name that is new in the config needs 'npx cdk deploy --all'`;
  return problem(isLocal ? 'warn' : 'fail', `not usable: ${faulty.join('; ')}`, fix);
}
