import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CloudFormationClient, paginateListStackResources } from '@aws-sdk/client-cloudformation';
import type { Caller } from './identity.ts';
import type { Resource } from './resources.ts';

interface Template {
  readonly Resources: Readonly<Record<string, { readonly Type: string; readonly Properties?: Resource['properties'] }>>;
}

interface Stack {
  readonly name: string;
  readonly file: string;
}

/** The stacks of a region in a folder that CDK wrote. */
export function stacksOf(folder: string, region: string): readonly Stack[] {
  const { artifacts } = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
  const found = Object.values<{
    type: string;
    environment: string;
    properties: { templateFile: string; stackName: string };
  }>(artifacts);
  return found
    .filter(({ type, environment }) => type === 'aws:cloudformation:stack' && environment.endsWith(`/${region}`))
    .map(({ properties }) => ({ name: properties.stackName, file: join(folder, properties.templateFile) }));
}

/** Every resource of the templates of a region, by the names under which CloudFormation made them. */
export async function resourcesOf(folder: string, caller: Caller): Promise<readonly Resource[]> {
  const each = stacksOf(folder, caller.region).map(async ({ name, file }) => {
    const { Resources }: Template = JSON.parse(readFileSync(file, 'utf8'));
    const physical = await physicalIds(name, caller);
    const named = (value: unknown) => physical.get(referred(value)) ?? (typeof value === 'string' ? value : '');
    return Object.entries(Resources).map(([logicalId, { Type, Properties = {} }]) => ({
      logicalId,
      type: Type,
      physicalId: physical.get(logicalId) ?? '',
      properties: Properties,
      named,
    }));
  });
  return (await Promise.all(each)).flat();
}

async function physicalIds(StackName: string, caller: Caller): Promise<ReadonlyMap<string, string>> {
  const ids = new Map<string, string>();
  for await (const { StackResourceSummaries = [] } of paginateListStackResources(
    { client: new CloudFormationClient(caller) },
    { StackName },
  )) {
    for (const { LogicalResourceId = '', PhysicalResourceId = '' } of StackResourceSummaries) {
      ids.set(LogicalResourceId, PhysicalResourceId);
    }
  }
  return ids;
}

/** Logical id of `{ Ref }` or `{ Fn::GetAtt }`. */
function referred(value: unknown): string {
  const { Ref, 'Fn::GetAtt': attribute } = (value ?? {}) as { Ref?: string; 'Fn::GetAtt'?: readonly string[] };
  return Ref ?? attribute?.[0] ?? '';
}
