import type { Stack } from 'aws-cdk-lib';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';

/** Sets the architecture of all functions of the stack to x86_64 if its region is in the list. The code is the same. */
export function useX86(stack: Stack, regions: readonly string[] = []): void {
  if (!regions.includes(stack.region)) return;
  for (const construct of stack.node.findAll()) {
    if (construct instanceof CfnFunction) construct.architectures = ['x86_64'];
  }
}
