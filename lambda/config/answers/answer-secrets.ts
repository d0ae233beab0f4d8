/** The secrets that answers are checked with. What has none is not taken. */
import type { ChannelOf, SecretReference } from '../channel.ts';
import type { Config } from '../config.ts';

type Answering = Pick<Config, 'notify' | 'answers'>;

export interface AnswerSecrets {
  /** Each app has one of its own. */
  readonly slack: readonly SecretReference[];
  readonly pagerduty: readonly SecretReference[];
  readonly link: SecretReference | undefined;
}

export function answerSecrets({ notify, answers }: Answering): AnswerSecrets {
  const slack = notify.filter((channel): channel is ChannelOf<'slack'> => channel.kind === 'slack');
  const pagerduty = notify.filter((channel): channel is ChannelOf<'pagerduty'> => channel.kind === 'pagerduty');
  return {
    slack: distinct(slack.map(({ signingSecret }) => signingSecret)),
    pagerduty: distinct(pagerduty.map(({ webhookSecret }) => webhookSecret)),
    link: answers?.linkKey,
  };
}

/** Whether there is anything to take: nothing listens where no channel needs it. */
export function needsAnswers(config: Answering): boolean {
  return answerReferences(config).length > 0;
}

/** Names or ARNs, each once. */
export function secretsOfAnswers(config: Answering): readonly string[] {
  return [
    ...new Set(answerReferences(config).flatMap((reference) => ('secret' in reference ? [reference.secret] : []))),
  ];
}

/** Each once. */
export function answerReferences(config: Answering): readonly SecretReference[] {
  const { slack, pagerduty, link } = answerSecrets(config);
  return [...slack, ...pagerduty, ...(link === undefined ? [] : [link])];
}

function distinct(references: readonly (SecretReference | undefined)[]): readonly SecretReference[] {
  const known = references.filter((reference) => reference !== undefined);
  return [...new Map(known.map((reference) => [JSON.stringify(reference), reference])).values()];
}
