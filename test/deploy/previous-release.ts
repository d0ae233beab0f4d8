import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { CloudFormationClient, UpdateStackCommand } from '@aws-sdk/client-cloudformation';
import type { Caller } from './identity.ts';
import { stacksOf } from './templates.ts';

interface Template {
  readonly Resources: Readonly<Record<string, Resource>>;
}

interface Resource {
  readonly Type: string;
  readonly Properties?: Properties;
  /** The path of the construct, which only the command line writes. */
  readonly Metadata?: unknown;
}

type Properties = Readonly<Record<string, unknown>>;

const file = resolve(import.meta.dirname, '../lib/upgrade/previous-release.json.gz');

/**
 * Updates a stack to its template of the release before. The code of the functions is that of the present release, in a
 * folder that CDK wrote: the release before had other assets, which are not kept.
 */
export async function deployPrevious(caller: Caller, stack: string, folder: string): Promise<void> {
  const previous: Template = JSON.parse(gunzipSync(readFileSync(file)).toString('utf8')).default[stack];
  const present = stacksOf(folder, caller.region).find(({ name }) => name === stack)?.file ?? '';
  const template: Template = JSON.parse(readFileSync(present, 'utf8'));
  const code = codeOf(template);
  const Resources = Object.fromEntries(
    Object.entries(previous.Resources).map(([id, resource]) => {
      // Unchanged resources must look unchanged: moto cannot update each of them.
      const { Metadata } = template.Resources[id] ?? {};
      return [id, { ...withCode(resource, code), ...(Metadata === undefined ? {} : { Metadata }) }];
    }),
  );
  const TemplateBody = JSON.stringify({ ...previous, Resources });
  await new CloudFormationClient(caller).send(new UpdateStackCommand({ StackName: stack, TemplateBody }));
}

/** Code of each function, by its name. */
function codeOf({ Resources }: Template): ReadonlyMap<unknown, unknown> {
  const functions = Object.values(Resources).filter(({ Type }) => Type === 'AWS::Lambda::Function');
  return new Map(functions.map(({ Properties = {} }) => [Properties.FunctionName, Properties.Code]));
}

function withCode(resource: Resource, code: ReadonlyMap<unknown, unknown>) {
  if (resource.Type !== 'AWS::Lambda::Function') return resource;
  const Code = code.get(resource.Properties?.FunctionName);
  if (Code === undefined) throw new Error(`no code of ${resource.Properties?.FunctionName}`);
  return { ...resource, Properties: { ...resource.Properties, Code } };
}
