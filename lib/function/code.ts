import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import type { Config } from '../../lambda/config/config.ts';
import { bundle, type HandlerName } from './bundle.ts';

/** What a handler needs of the config: only what posts to webhooks has their addresses, and nothing has numbers of telephones. */
export function configFor(handler: HandlerName, config: Config): Config {
  if (handler !== 'webhook') return { ...config, notify: [] };
  // Their places stay: each function knows its own by it.
  const notify = config.notify.map((channel) =>
    channel.kind === 'webhook' ? channel : { ...nobody, when: channel.when },
  );
  return { ...config, notify };
}

const nobody = { kind: 'email', address: '' } as const;

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
