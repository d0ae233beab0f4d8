/** The checks of posture: whether lists answer from where the functions run, their keys, and DNSSEC. */
import { safeText } from '../../../lambda/alert/words/safe-text.ts';
import type { Config } from '../../../lambda/config/config.ts';
import { postureVantages } from '../../../lambda/config/posture-domain.ts';
import { localVantage } from '../../../lambda/config/schema/aws-regions.ts';
import type { NoValidator } from '../../../lambda/dns/records/dns-of-run.ts';
import type { PostureDiagnosis } from '../../../lambda/posture-watch/diagnose-lists.ts';
import type { CheckContext } from '../check-context.ts';
import { type Check, type CheckResult, passed, problem } from '../check-result.ts';

export function postureChecks<Context extends CheckContext>(config: Config): readonly Check<Context>[] {
  if (config.posture === undefined) return [];
  const vantages = postureVantages(config);
  const ask = (vantage: string) => async (context: Context, check: (of: PostureDiagnosis) => CheckResult) =>
    check(await context.postureDiagnosis(vantage));
  const hasKeys = Object.keys(config.listKeys ?? {}).length > 0;
  const home = vantages[0] ?? config.home;
  return [
    ...vantages.flatMap((vantage): readonly Check<Context>[] => [
      { name: 'lists', region: vantage, run: (context) => ask(vantage)(context, checkLists) },
      ...(hasKeys
        ? [{ name: 'list keys', region: vantage, run: (context: Context) => ask(vantage)(context, checkKeys) }]
        : []),
    ]),
    { name: 'DNSSEC', region: null, run: (context) => ask(home)(context, (of) => checkDnssec(of, config)) },
  ];
}

const MOST_NAMED = 4;

/** A list that refuses the resolver, as many refuse those of a cloud, is unable, and no failure of a domain. */
function checkLists({ lists }: PostureDiagnosis): CheckResult {
  const faulty = lists.filter(({ fault }) => fault !== null);
  if (faulty.length === 0) return passed(`${lists.length} of ${lists.length} answer`);
  const named = faulty.slice(0, MOST_NAMED).map(({ zone, fault }) => `${zone} (${safeText(fault ?? '', 100)})`);
  const more = faulty.length > MOST_NAMED ? `, and ${faulty.length - MOST_NAMED} more` : '';
  const detail = `${lists.length - faulty.length} of ${lists.length} answer; nothing is known of ${named.join(', ')}${more}`;
  return problem(
    faulty.length === lists.length ? 'fail' : 'warn',
    detail,
    'lists refuse resolvers that many share: set listKeys in the config for those that have keys, or resolver with one of your own',
  );
}

function checkKeys({ keys, vantage }: PostureDiagnosis): CheckResult {
  const unread = keys.flatMap(({ secret, error }) => (error === null ? [] : [`${secret} (${safeText(error, 160)})`]));
  if (unread.length === 0) return passed(`${keys.length} readable`);
  const fix =
    vantage === localVantage
      ? "the environment of the monitor may have it: run 'doctor' in that environment"
      : "store it in Secrets Manager in the home region as plain text, then 'npx cdk deploy --all'";
  return problem(vantage === localVantage ? 'warn' : 'fail', `not readable: ${unread.join('; ')}`, fix);
}

const WHY: Readonly<Record<NoValidator, string>> = {
  'no-trusted-path': 'no answer of these resolvers can be trusted',
  'not-validating': 'the resolver does not validate',
  'no-answer': 'the resolver does not answer for the root zone',
};

const OPERATORS = 'resolver: [https://dns.quad9.net/dns-query, https://cloudflare-dns.com/dns-query]';

/** That they are not judged is said here, and is no problem. */
function checkDnssec({ dnssec }: PostureDiagnosis, { home }: Config): CheckResult {
  if (dnssec === 'judged') return passed('DNSSEC and DANE are judged');
  const own = home === localVantage ? ', or a validating resolver on this machine and `resolver: [127.0.0.1]`' : '';
  return passed(`DNSSEC and DANE are not judged: ${WHY[dnssec]}; to judge them, add to the config: ${OPERATORS}${own}`);
}
