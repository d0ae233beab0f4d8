/** `now.json` of the status page, from what a pass has read and decided. */
import type { NowDocument } from '../../../web/documents/now.ts';
import { pageSettings, shownOf } from '../../config/page/status-page.ts';
import { vantageSubject } from '../../consensus/judge-blind-vantage.ts';
import { isoSeconds } from '../../consensus/judgement/round-name.ts';
import type { StoredJudgement } from '../../history/history.ts';
import type { UntimedRound } from '../../history/packing/recorded-round.ts';
import type { JudgePorts } from '../../ports.ts';

/** Milliseconds. */
const MOST_AHEAD = 60_000;

type Judged = ReadonlyMap<string, Pick<StoredJudgement, 'verdict'>>;

/** Never rejects. At the end of a pass, when its alerts are handed over. */
export async function publishNow(
  ports: Pick<JudgePorts, 'config' | 'now' | 'publishNow'>,
  rounds: readonly Pick<UntimedRound, 'vantage' | 'round'>[],
  judged: Judged,
): Promise<void> {
  await ports.publishNow?.(judgedNow(ports, rounds, judged));
}

/** @param judged the targets and the vantages, by their subjects */
export function judgedNow(
  { config, now }: Pick<JudgePorts, 'config' | 'now'>,
  rounds: readonly Pick<UntimedRound, 'vantage' | 'round'>[],
  judged: Judged,
): NowDocument {
  // Of a vantage whose clock was ahead: the page would not become old before that time.
  const last = isoSeconds(now() + MOST_AHEAD);
  const past = rounds.filter(({ round }) => round <= last);
  const newestOf = (some: typeof rounds) =>
    some.reduce<string | null>((newest, { round }) => (newest === null || round > newest ? round : newest), null);
  const { show } = pageSettings(config, 'aws');
  const targets = config.targets.filter(({ id }) => shownOf(show, id) !== 'none');
  return {
    at: isoSeconds(now()),
    newestRound: newestOf(past),
    vantages: config.policy.vantages.map((vantage) => {
      const verdict = judged.get(vantageSubject(vantage))?.verdict;
      const lastRound = newestOf(past.filter((round) => round.vantage === vantage));
      return { vantage, lastRound, blind: verdict === 'down' || verdict === 'unknown' };
    }),
    verdicts: Object.fromEntries(targets.map(({ id }) => [id, judged.get(id)?.verdict ?? 'unknown'])),
  };
}
