/** Shortens the texts of a posture item, so that it fits. What was found is kept, worst first, if even that is too much. */
import type { PostureState, TrackedFinding } from '../../consensus/posture/posture-state.ts';
import type { Outcome } from '../../smtp/sample/sample.ts';
import { splitThreshold, valueSize } from '../table/item-size.ts';

type Shorten = (state: PostureState) => PostureState;

const MOST_POLICIES = 20;
const MOST_PATTERNS = 50;

/** The first that fits is stored. Each begins with the whole state. */
const STEPS: readonly Shorten[] = [
  (state) => state,
  withTexts(({ evidence, ...rest }) => ({ ...rest, evidence: evidence.slice(0, 8) })),
  withTexts((finding) => ({ ...finding, evidence: [] })),
  withTexts((finding) => ({ ...finding, evidence: [], meaning: '', hint: null, publish: finding.publish.slice(0, 1) })),
  withTexts(withoutWords),
  ...[1000, 300, 100, 20].map((count): Shorten => {
    return (state) => withTexts(withoutWords)({ ...state, findings: worst(state.findings, count) });
  }),
];

export function fitPosture(whole: PostureState): PostureState {
  const state = {
    ...whole,
    policies: whole.policies.slice(-MOST_POLICIES).map(boundPolicy),
    findings: whole.findings.map(bound),
  };
  const steps = STEPS.map((shorten) => () => shorten(state));
  const fitting = steps.find((step) => valueSize(step()) <= splitThreshold) ?? steps.at(-1);
  return fitting?.() ?? state;
}

function boundPolicy(policy: PostureState['policies'][number]): PostureState['policies'][number] {
  return {
    ...policy,
    id: policy.id.slice(0, 64),
    mx: policy.mx.slice(0, MOST_PATTERNS).map((one) => one.slice(0, 255)),
  };
}

const LONGEST = 1000;

/** Nothing is to be done about what passed, so that it needs few words. */
function bound(finding: TrackedFinding): TrackedFinding {
  const { subject, detail, evidence, publish, command } = finding;
  const texts = {
    subject: subject.slice(0, 400),
    detail: detail.slice(0, LONGEST),
    // Half of a record must not be published.
    publish: publish.slice(0, 10).filter((record) => record.length <= 4096),
    command: command?.slice(0, LONGEST) ?? null,
    evidence: evidence.slice(0, 40).map((line) => line.slice(0, LONGEST)),
  };
  if (finding.outcome !== 'pass') return { ...finding, ...texts };
  return { ...finding, ...texts, meaning: '', hint: null, publish: [], command: null, evidence: [] };
}

function withTexts(shorten: (finding: TrackedFinding) => TrackedFinding): Shorten {
  return (state) => ({ ...state, findings: state.findings.map(shorten) });
}

function withoutWords(finding: TrackedFinding): TrackedFinding {
  const { detail } = finding;
  return {
    ...finding,
    detail: detail.slice(0, 120),
    evidence: [],
    meaning: '',
    hint: null,
    publish: [],
    command: null,
  };
}

const WORST_FIRST: readonly Outcome[] = ['fail', 'warn', 'unable', 'pass'];

function worst(findings: readonly TrackedFinding[], count: number): readonly TrackedFinding[] {
  const place = ({ outcome }: TrackedFinding) => WORST_FIRST.indexOf(outcome);
  return findings.toSorted((a, b) => place(a) - place(b)).slice(0, count);
}
