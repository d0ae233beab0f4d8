/** The link of the mail by which SNS asks for the confirmation of a subscription. */
import { UsageError } from '../arguments/usage-error.ts';

export interface Confirmation {
  readonly token: string;
  /** Null if a token was given without its link. */
  readonly topicArn: string | null;
}

const HOST = /^sns\.[a-z0-9-]+\.amazonaws\.com(\.cn)?$/;
const TOKEN = /^[\w-]{20,1024}$/;

/**
 * Parses a link, or a token alone. The link is never fetched: that would confirm a subscription that any link can end.
 * @throws UsageError in words that do not repeat the token
 */
export function confirmationOf(text: string): Confirmation {
  if (TOKEN.test(text)) return { token: text, topicArn: null };
  const link = linkIn(text);
  if (link === null)
    throw new UsageError(
      'this is no token and no link of SNS; quote the whole link of the mail: https://sns.REGION.amazonaws.com/confirmation.html?…',
    );
  const { searchParams, pathname } = link;
  if (/unsubscribe/i.test(pathname) || searchParams.get('Action') === 'Unsubscribe')
    throw new UsageError('this link ends a subscription; use the link of the mail "Subscription Confirmation"');
  const [token, topicArn] = [searchParams.get('Token'), searchParams.get('TopicArn')];
  if (token === null || topicArn === null)
    throw new UsageError("the link has no Token or no TopicArn; put it in quotes: a shell ends it at the first '&'");
  if (!TOKEN.test(token)) throw new UsageError('the token of the link is incomplete; copy the whole link');
  return { token, topicArn };
}

/** A mail filter may wrap the link in one of its own. */
function linkIn(text: string): URL | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  if (url.protocol === 'https:' && HOST.test(url.hostname)) return url;
  const inner = [...url.searchParams.values()].filter((value) => URL.canParse(value)).map((value) => new URL(value));
  return inner.find(({ protocol, hostname }) => protocol === 'https:' && HOST.test(hostname)) ?? null;
}

const TOPIC = /^arn:aws[a-z-]*:sns:([a-z0-9-]+):\d{12}:[\w-]{1,256}(\.fifo)?$/;

/** The region of a topic. @throws UsageError if it is no ARN of a topic */
export function regionOfTopic(topicArn: string): string {
  const region = TOPIC.exec(topicArn)?.[1];
  if (region === undefined)
    throw new UsageError(
      'the ARN of the topic is not valid; it has the form arn:aws:sns:us-east-1:123456789012:smtp-quorum-alerts',
    );
  return region;
}
