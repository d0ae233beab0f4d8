import type { Stack } from 'aws-cdk-lib';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';

/** Has every function of the stack run on x86_64, where its region is one of these; the code is the same for both. */
export function useX86(stack: Stack, regions: readonly string[] = []): void {
  if (!regions.includes(stack.region)) return;
  for (const construct of stack.node.findAll()) {
    if (construct instanceof CfnFunction) construct.architectures = ['x86_64'];
  }
}
