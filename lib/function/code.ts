import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { receiverId, subscriberId, withoutSecrets } from '../../lambda/alert/channels/channel-ids.ts';
import type { Channel } from '../../lambda/config/channel.ts';
import type { Config } from '../../lambda/config/config.ts';
import { bundle, type HandlerName } from './bundle.ts';

/**
 * What a handler needs of the config: only the one that posts to webhooks has their URLs, only the one that calls has the numbers
 * that it calls, and none has other addresses or numbers. The judge makes deliveries by the ids of channels.
 */
export function configFor(handler: HandlerName, config: Config): Config {
  switch (handler) {
    case 'deliver':
      return { ...withoutTrips(config), notify: config.notify.map((channel) => nameless(channel, (url) => url)) };
    case 'notify':
      return { ...withoutTrips(config), notify: config.notify.map(withoutAddress) };
    case 'judge':
      return { ...config, notify: config.notify.map((channel) => nameless(channel, withoutSecrets)) };
    case 'probe':
    case 'rollup':
    case 'posture-watch':
    case 'bounce-mailbox':
      return { ...withoutTrips(config), notify: [] };
    case 'trip-run':
    case 'bounce-watch':
    case 'publish':
      return { ...config, notify: [] };
    case 'answer':
      return { ...withoutTrips(config), targets: [], notify: config.notify.filter(isAnswered) };
    default:
      return handler satisfies never;
  }
}

/** Whether a service sends answers of its own. */
function isAnswered({ kind }: Channel): boolean {
  return kind === 'slack' || kind === 'pagerduty';
}

function withoutTrips({ roundTrips: _, ...config }: Config): Config {
  return config;
}

/** What the function of services needs: the numbers that it calls. */
function withoutAddress(channel: Channel): Channel {
  return channel.kind === 'phone' ? channel : nameless(channel, withoutSecrets);
}

/** A channel with an id in place of its address or number. */
function nameless(channel: Channel, urlOf: (url: string) => string): Channel {
  switch (channel.kind) {
    case 'email':
      return { ...channel, address: subscriberId(channel) };
    case 'sms':
      return { ...channel, number: subscriberId(channel) };
    case 'webhook':
      return { ...channel, url: urlOf(channel.url) };
    case 'phone':
      return { ...channel, number: receiverId(channel) };
    default:
      // Of the others the config has names of secrets alone.
      return channel;
  }
}

const sources = fileURLToPath(new URL('../../lambda', import.meta.url));

/**
 * A handler's code as an asset, with the config in it: both move in one deployment, and a change of the config alone is
 * a change of code that `cdk deploy --hotswap` takes.
 */
export function handlerCode(handler: HandlerName, whole: Config): Code {
  const config = configFor(handler, whole);
  return Code.fromAsset(sources, {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      // Never pulled: esbuild runs in this process. The command tells one bundle from another in CDK's cache, so that
      // every region shares the one bundle of the probe.
      image: DockerImage.fromRegistry('never-pulled'),
      command: ['esbuild', handler, createHash('sha256').update(JSON.stringify(config)).digest('hex')],
      local: {
        tryBundle: (directory) => {
          bundle(handler, config, directory);
          return true;
        },
      },
    },
  });
}
