/** The page of the vantages: whether each votes, whether its rounds come, and what it runs. */

import { durationText } from '../../../lambda/alert/words/time-text.ts';
import type { Snapshot, VantageSnapshot } from '../../../lambda/reports/snapshot/snapshot.ts';
import { latencyText } from '../../history/latency-text.ts';
import { OUTCOME_WORDS } from '../../history/session-outcome.ts';
import { type Html, html } from '../../markup/html.ts';
import { page } from '../layout.ts';
import { mark } from '../marks.ts';
import { age, beginOfRound, percentText, staleAfter, time } from '../words.ts';

export function vantagesPage(snapshot: Snapshot): string {
  const { vantages, title } = snapshot;
  const main = html`
<h1>Vantages</h1>
<p class="note">A vantage is where probes run. Each probes every mail server once in a round, every ${durationText(snapshot.every * 1000)}. One that is blind does not vote: what it cannot reach says nothing about the mail servers.</p>
${vantages.length === 0 ? html`<p class="card">No vantage has recorded a round yet.</p>` : html`<div class="rows">${vantages.map((vantage) => vantageRow(vantage, snapshot))}</div>`}`;
  return page(snapshot, { title: `Vantages – ${title}`, root: '', main, here: 'vantages.html' });
}

type State = 'votes' | 'blind' | 'silent' | 'new';

const STATES: Readonly<Record<State, { readonly mark: 'up' | 'degraded' | 'unknown'; readonly text: string }>> = {
  votes: { mark: 'up', text: 'Votes' },
  blind: { mark: 'degraded', text: 'Blind' },
  silent: { mark: 'degraded', text: 'Silent' },
  new: { mark: 'unknown', text: 'No round yet' },
};

/** Silent: its last round is older than a page may be. */
function stateOf({ blind, lastRound }: VantageSnapshot, snapshot: Snapshot): State {
  if (lastRound === null) return blind ? 'blind' : 'new';
  if (blind) return 'blind';
  const since = Date.parse(snapshot.at) - Date.parse(beginOfRound(lastRound));
  return since > staleAfter(snapshot) * 1000 ? 'silent' : 'votes';
}

function vantageRow(vantage: VantageSnapshot, snapshot: Snapshot): Html {
  const { vantage: name, lastRound, blindSince, blindWhy, lag, rounds, release, egress } = vantage;
  const { mark: kind, text } = STATES[stateOf(vantage, snapshot)];
  const blind =
    blindSince === null
      ? null
      : html`<p class="note">since ${time(blindSince)}${blindWhy === null ? '' : `: ${blindWhy}`}</p>`;
  return html`<article class="row vantage-row">
<div class="who"><h2>${name}</h2><span class="verdict ${kind}">${mark(kind)}${text}</span>${blind}</div>
<dl class="facts">
<div><dt>Last round</dt><dd>${lastRound === null ? 'none' : html`${age(beginOfRound(lastRound))}`}</dd></div>
<div><dt>Rounds of the last day</dt><dd>${rounds === null ? 'not known' : roundsText(rounds)}</dd></div>
<div><dt>Delay of its times</dt><dd>${lag === null ? 'none' : `up to ${latencyText(lag)}`}</dd></div>
<div><dt>Last sessions</dt><dd>${sessionsText(name, snapshot)}</dd></div>${release === null ? '' : originFacts(release, egress)}
</dl>
</article>`;
}

/** Where the version is hidden, or of an older round that has none, the address is not said to be unknown. */
function originFacts(release: string, egress: VantageSnapshot['egress']): Html {
  return html`
<div><dt>Version</dt><dd>${release}</dd></div>
<div><dt>Address of its sessions</dt><dd>${egressText(egress)}</dd></div>`;
}

function egressText(egress: VantageSnapshot['egress']): string {
  return egress === 'lambda' ? 'changes (Lambda)' : (egress ?? 'not known');
}

/** `1,438 of 1,440 (99.86 %)`. */
function roundsText({ recorded, due }: NonNullable<VantageSnapshot['rounds']>): string {
  if (due === 0) return 'none was due yet';
  return `${recorded} of ${due} recorded (${percentText((recorded / due) * 100)})`;
}

/** `11 passed, 1 failed`: the last session with each target. */
function sessionsText(name: string, { targets }: Snapshot): string {
  const outcomes = targets
    .flatMap(({ last }) => last.filter(({ vantage }) => vantage === name))
    .map((one) => one.outcome);
  if (outcomes.length === 0) return 'none';
  const kinds = ['fail', 'unable', 'warn', 'pass'] as const;
  return kinds
    .map((kind) => [kind, outcomes.filter((one) => one === kind).length] as const)
    .filter(([, number]) => number > 0)
    .map(([kind, number]) => `${number} ${OUTCOME_WORDS[kind]}`)
    .join(', ');
}
