/** What is true of the posture of domains, by the minute, and what each vantage sees of it. */
import type { PostureArea } from '../../../lambda/posture/codes/code.ts';
import type { PostureFinding } from '../../../lambda/posture/finding.ts';
import { found, listed, unable } from '../../consensus/posture/runs.ts';
import type { Random } from '../random.ts';
import type { Clock } from '../virtual-clock.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

export interface Subject {
  readonly domain: string;
  readonly finding: PostureFinding;
  /** `domain area code subject` */
  readonly key: string;
}

/** Each domain has two addresses that may be listed, and a record that may be missing. */
export function subjectsOf(domains: readonly string[]): readonly Subject[] {
  return domains.flatMap((domain) =>
    [listed('192.0.2.25'), listed('192.0.2.26', '127.0.0.2 SBL: source of spam'), found('spf-missing', domain)].map(
      (finding) => {
        return { domain, finding, key: keyOf(domain, finding) };
      },
    ),
  );
}

export function keyOf(
  domain: string,
  { area, code, subject }: { area: string; code: string; subject: string },
): string {
  return `${domain} ${area} ${code} ${subject}`;
}

export interface PostureWorld {
  readonly subjects: readonly Subject[];
  /** Whether a vantage does not run now. */
  isSilent(vantage: string): boolean;
  /** What a run that begins now finds. */
  see(vantage: string, domain: string, areas: readonly PostureArea[]): readonly PostureFinding[];
  /** For how long a finding has been there, or not been there, at a vantage that was neither silent nor blind. Milliseconds. */
  steady(vantage: string, key: string): { readonly isThere: boolean; readonly for: number };
  /** Whether a vantage was neither silent nor blind for an area for so long, milliseconds. */
  wasHealthy(vantage: string, area: string, length: number): boolean;
  /** Nothing changes from now on. Everything can be seen. */
  repair(): void;
}

interface Changing {
  isOn: boolean;
  since: number;
}

export function simulatePosture(
  clock: Clock,
  random: Random,
  vantages: readonly string[],
  domains: readonly string[],
): PostureWorld {
  const subjects = subjectsOf(domains);
  const there = new Map<string, Changing>();
  const silent = new Map<string, Changing>();
  const blind = new Map<string, Changing>();
  let isRepaired = false;

  const turn = (states: Map<string, Changing>, name: string, isOn: boolean) => {
    if (isRepaired || states.get(name)?.isOn === isOn) return;
    states.set(name, { isOn, since: clock.now() });
  };
  /** Turns on and off for ever. */
  const alternate = (states: Map<string, Changing>, name: string, off: number, on: number) => {
    states.set(name, { isOn: false, since: clock.now() });
    const next = () => {
      const isOn = states.get(name)?.isOn === true;
      clock.after(random.wait(isOn ? on : off), () => {
        turn(states, name, !isOn);
        next();
      });
    };
    next();
  };
  const at = (key: string, vantage: string) => `${key} @${vantage}`;

  for (const { key } of subjects) {
    for (const vantage of vantages) there.set(at(key, vantage), { isOn: false, since: clock.now() });
    const set = (isOn: boolean, places = vantages) => {
      for (const vantage of places) turn(there, at(key, vantage), isOn);
    };
    const next = () => {
      clock.after(random.wait(8 * HOUR), () => {
        const flaps = random.chance(0.15);
        const place = random.chance(0.2) ? [random.pick(vantages as [string, ...string[]])] : vantages;
        set(true, place);
        if (flaps)
          for (let nth = 1; nth < 14; nth += 1) clock.after(nth * 40 * MINUTE, () => set(nth % 2 === 0, place));
        clock.after(14 * 40 * MINUTE + random.wait(flaps ? MINUTE : 8 * HOUR), () => {
          set(false);
          next();
        });
        // Some are a blip of a few minutes.
        if (!flaps && random.chance(0.2)) clock.after(random.between(MINUTE, 20 * MINUTE), () => set(false));
      });
    };
    next();
  }
  for (const vantage of vantages) {
    alternate(silent, vantage, 40 * HOUR, 4 * HOUR);
    for (const area of ['dnsbl', 'spf']) alternate(blind, at(area, vantage), 20 * HOUR, 3 * HOUR);
  }

  const since = (states: Map<string, Changing>, name: string) => states.get(name)?.since ?? 0;
  const isOn = (states: Map<string, Changing>, name: string) => states.get(name)?.isOn === true;
  const healthySince = (vantage: string, area: string) =>
    isOn(silent, vantage) || isOn(blind, at(area, vantage))
      ? clock.now()
      : Math.max(since(silent, vantage), since(blind, at(area, vantage)));

  return {
    subjects,
    isSilent: (vantage) => isOn(silent, vantage),
    see(vantage, domain, areas) {
      const own = subjects.filter((one) => one.domain === domain && areas.includes(one.finding.area));
      const seen = own.filter(
        ({ key, finding }) => isOn(there, at(key, vantage)) && !isOn(blind, at(finding.area, vantage)),
      );
      const doubts = (['dnsbl', 'spf'] as const).filter(
        (area) => areas.includes(area) && isOn(blind, at(area, vantage)),
      );
      return [
        ...seen.map(({ finding }) => finding),
        ...doubts.map((area) => unable(area, area === 'dnsbl' ? 'zen.spamhaus.org' : domain)),
      ];
    },
    steady(vantage, key) {
      const area = subjects.find((one) => one.key === key)?.finding.area ?? '';
      const from = Math.max(since(there, at(key, vantage)), healthySince(vantage, area));
      return { isThere: isOn(there, at(key, vantage)), for: clock.now() - from };
    },
    wasHealthy: (vantage, area, length) => clock.now() - healthySince(vantage, area) >= length,
    repair() {
      for (const states of [silent, blind]) for (const name of states.keys()) turn(states, name, false);
      isRepaired = true;
    },
  };
}
