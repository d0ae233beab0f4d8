/** Words of the page of an incident, and of what is copied from it. */

import type {
  AlertSnapshot,
  AlertsSnapshot,
  StatementSnapshot,
  ToldSnapshot,
  VoteMoment,
} from '../../../lambda/reports/snapshot/snapshot.ts';
import { countText, VERDICT_WORDS } from '../words.ts';

export const VOTES_GONE =
  'The rounds of this incident are not kept any more: rounds are kept for 7 days, and what remains of them for 13 months.';
export const ALERTS_GONE = 'The alerts of this incident are not kept any more: they are kept for 8 days.';
export const NOBODY_TOLD = 'Nobody was told.';

const STATES: Readonly<Record<StatementSnapshot['state'], string>> = {
  investigating: 'Investigating',
  identified: 'Identified',
  monitoring: 'Monitoring',
  resolved: 'Resolved',
};

export function stateText(state: StatementSnapshot['state']): string {
  return STATES[state];
}

const CHANNELS: Readonly<Record<string, string>> = {
  topic: 'e-mail and SMS',
  email: 'e-mail',
  sms: 'SMS',
  phone: 'telephone',
  webhook: 'webhook',
  terminal: 'terminal',
  slack: 'Slack',
  'slack-webhook': 'Slack',
  teams: 'Teams',
  discord: 'Discord',
  telegram: 'Telegram',
  pagerduty: 'PagerDuty',
  jsm: 'Jira Service Management',
  ntfy: 'ntfy',
  'amazon-q': 'Amazon Q',
};

export function channelText(kind: string): string {
  return CHANNELS[kind] ?? kind;
}

export function alertText({ kind, again }: AlertSnapshot): string {
  return again ? `${kind}, again` : kind;
}

const ALERT_STATES: Readonly<Record<AlertSnapshot['state'], string>> = {
  pending: 'on its way',
  taken: 'taken',
  'given-up': 'given up',
};

export function alertStateText({ state }: AlertSnapshot): string {
  return ALERT_STATES[state];
}

/** Channels of which only the number of messages is known: the others have each message. */
export function countedChannels({ sent, told }: AlertsSnapshot): readonly ToldSnapshot[] {
  return told.filter(({ channel }) => !sent.some((alert) => alert.channel === channel));
}

/** `SMS: 3 messages, 2 of them reminders`. */
export function toldText({ channel, messages, reminders }: ToldSnapshot): string {
  const among = reminders === 0 ? '' : `, ${reminders} of them ${reminders === 1 ? 'a reminder' : 'reminders'}`;
  return `${channelText(channel)}: ${countText(messages, 'message')}${among}`;
}

/** `fail, votes down`: what a vantage saw in a round, and what its vote is then. */
export function cellText({ outcomes, votes }: VoteMoment, nth: number): string {
  const [outcome, vote] = [outcomes[nth] ?? null, votes[nth] ?? 'abstain'];
  return `${outcome ?? 'no session'}, ${vote === 'abstain' ? 'abstains' : `votes ${vote}`}`;
}

/** `2 of 3, quorum 2`. */
export function countOfVotes(moment: VoteMoment): string {
  const { down, entitled } = votesIn(moment);
  return `${down} of ${entitled}, quorum ${moment.needed}`;
}

/** Empty before and after the incident. */
export function verdictText({ verdict }: VoteMoment): string {
  return verdict === null ? '' : VERDICT_WORDS[verdict];
}

export function votesIn({ votes }: VoteMoment): { readonly down: number; readonly entitled: number } {
  const entitled = votes.filter((vote) => vote !== 'abstain');
  return { down: entitled.filter((vote) => vote === 'down').length, entitled: entitled.length };
}
