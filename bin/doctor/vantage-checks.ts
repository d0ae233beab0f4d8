import { shown } from '../../lambda/alert/words/safe-text.ts';
import { localVantage } from '../../lambda/config/schema/regions.ts';
import { roundsSince } from '../../lambda/consensus/judgement/policy.ts';
import type { Knock } from '../../lambda/probe/diagnosis.ts';
import { failureOf } from '../../lambda/smtp/failures/failures.ts';
import { doorsOf, nameOfDoor, portsOf, type World } from './check-context.ts';
import { amiss, type Check, type Finding, well } from './check-result.ts';
import { mendOfPort25 } from './port-25-checks.ts';

/** What is asked of every vantage, of a region and of one machine alike. */
export function vantageChecks({ config }: Pick<World, 'config'>, vantage: string): readonly Check<World>[] {
  const wantsSecrets = config.targets.some(({ auth }) => auth !== undefined);
  return [
    { name: 'names', region: vantage, run: async (world) => names((await world.diagnosis(vantage)).knocks) },
    ...portsOf(doorsOf(config)).map((port) => ({
      name: `port ${port}`,
      region: vantage,
      run: (world: World) => wayOut(world, port, vantage),
    })),
    ...(wantsSecrets
      ? [{ name: 'secrets', region: vantage, run: (world: World) => secretsReadable(world, vantage) }]
      : []),
    { name: 'last round', region: vantage, run: (world) => lastRound(world, vantage) },
  ];
}

/** The resolver's own trouble; a name that does not exist is the target's. */
function names(knocks: readonly Knock[]): Finding {
  const unresolved = knocks.filter(isUnresolved);
  const [first] = unresolved.filter(({ code }) => code === 'dns-timeout' || code === 'dns-refused');
  if (first)
    return amiss('fail', `the resolver does not answer (${seen(first)})`, 'look at the resolver of this vantage');
  const [missing] = unresolved;
  if (missing) {
    return amiss(
      'warn',
      `not every name is found (${unresolved.map(seen).join('; ')})`,
      `look at the records of ${nameOfDoor(missing)}`,
    );
  }
  return well('the resolver answers');
}

/** Open where one server of that port answered anything at all. */
async function wayOut(world: World, port: number, vantage: string): Promise<Finding> {
  const knocks = (await world.diagnosis(vantage)).knocks.filter((knock) => knock.port === port);
  const [reached] = knocks.filter((knock) => knock.reached);
  if (reached) return well(`open: ${nameOfDoor(reached)} answers`);
  const tried = knocks.filter((knock) => !isUnresolved(knock));
  if (tried.length === 0) return amiss('unable', `nobody to ask: ${knocks.map(seen).join('; ')}`, MEND_NAMES);
  // A way that is blocked swallows what is sent; who refuses was reached.
  const blocked = port === 25 && !tried.every(({ code }) => code === 'connect-refused');
  const mend = blocked ? await mendOfPort25(world, vantage) : MEND_SERVERS;
  return amiss('fail', `closed: ${tried.map(seen).join('; ')}`, mend);
}

const MEND_NAMES = 'mend the names first';

const MEND_SERVERS =
  'are these servers up? If so, look at firewalls, security groups and routes between them and this vantage';

function isUnresolved({ reached, code }: Knock): boolean {
  return !reached && failureOf(code ?? '')?.phase === 'dns';
}

function seen(knock: Knock): string {
  const why = knock.detail === null ? knock.code : shown(knock.detail, 120);
  return `${nameOfDoor(knock)}: ${why}`;
}

async function secretsReadable(world: World, vantage: string): Promise<Finding> {
  const { secrets } = await world.diagnosis(vantage);
  const unreadable = secrets.flatMap(({ secret, error }) =>
    error === null ? [] : [`${secret} (${shown(error, 160)})`],
  );
  if (unreadable.length === 0) return well(`${secrets.length} readable`);
  return amiss(
    'fail',
    `cannot be read: ${unreadable.join('; ')}`,
    vantage === localVantage
      ? 'set the environment variable where the monitor is started'
      : `put it in Secrets Manager in ${world.config.home} as plain text; a name that is new to the config needs 'npx cdk deploy --all'`,
  );
}

/** As fresh as a vote must be: an older round is one that no longer counts. */
async function lastRound(world: World, vantage: string): Promise<Finding> {
  const { policy } = world.config;
  const start =
    vantage === localVantage ? "is 'npm start' running?" : 'docs/runbook.md#vantage-silent says where to look';
  const round = await world.lastRound(vantage);
  if (round === null) return amiss('warn', 'no round yet', `the first comes within two rounds; after that, ${start}`);
  const age = roundsSince(round, policy, world.now);
  if (age <= policy.freshness) return well(`${round}, fresh`);
  const minutes = Math.round((age * policy.every) / 60_000);
  return amiss('fail', `${round}, ${minutes} min ago: this vantage abstains`, start);
}
