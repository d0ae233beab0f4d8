/** The ids and labels of the channels that the argument of `test-alert` names. */
import { receiverId, subscriberId, webhookId } from '../../lambda/alert/channels/channel-ids.ts';
import { entryNote } from '../../lambda/alert/routing/entry.ts';
import { isSubscribed } from '../../lambda/config/channel.ts';
import type { Config } from '../../lambda/config/config.ts';

/**
 * The names of channels that an argument may mean: an id or a kind as it is, or the id of an entry of `notify`, an e-mail address,
 * a telephone number or a URL. Of a URL the origin alone will do.
 */
export function channelNames(argument: string, config: Pick<Config, 'notify'> | null): readonly string[] {
  const entry = config?.notify.find(({ id }) => id === argument);
  if (entry !== undefined) return [receiverId(entry)];
  if (/^https?:\/\//.test(argument)) return URL.canParse(argument) ? namesOfUrl(argument) : [argument];
  if (/^[^:\s]+@[^:\s]+$/.test(argument)) return [subscriberId({ kind: 'email', address: argument })];
  if (/^\+\d+$/.test(argument)) return [subscriberId({ kind: 'sms', number: argument })];
  return [argument];
}

function namesOfUrl(url: string): readonly string[] {
  const { origin, pathname, search } = new URL(url);
  const isOrigin = pathname === '/' && search === '';
  return isOrigin ? [webhookId(url), `webhook:${origin}`] : [webhookId(url)];
}

/**
 * For those who have the config: `email ops@example.com` of `email:3f2a9c1b`, and the ids of the entries beside it, such as
 * `teams:5d41402a (night)`. Other ids are as they are.
 */
export function channelLabels(config: Pick<Config, 'notify'> | null): (id: string) => string {
  const labels = (config?.notify ?? []).flatMap((channel): [string, string][] => {
    if (!isSubscribed(channel)) return [];
    const receiver = channel.kind === 'email' ? channel.address : channel.number;
    return [[subscriberId(channel), `${channel.kind} ${receiver}`]];
  });
  const byId = new Map(labels);
  return (id) => `${byId.get(id) ?? id}${config === null ? '' : entryNote(config, id)}`;
}
