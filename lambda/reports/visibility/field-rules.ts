/** Rules for the fields of an object: one that has no rule is a fault of the compiler, and is not shown. */

/** `keep`, or what is shown instead of a value. */
export type FieldRules<Part, Context> = {
  readonly [Field in keyof Part]-?:
    | 'keep'
    | ((value: Exclude<Part[Field], undefined>, context: Context) => Part[Field]);
};

/** The fields that have a rule, each as its rule says. */
export function applyRules<Part extends object, Context>(
  part: Part,
  rules: FieldRules<Part, Context>,
  context: Context,
): Part {
  const fields = (Object.keys(rules) as (keyof Part)[]).filter((field) => part[field] !== undefined);
  return Object.fromEntries(fields.map((field) => [field, shownValue(part, field, rules[field], context)])) as Part;
}

function shownValue<Part, Field extends keyof Part, Context>(
  part: Part,
  field: Field,
  rule: FieldRules<Part, Context>[Field],
  context: Context,
): Part[Field] {
  return rule === 'keep' ? part[field] : rule(part[field] as Exclude<Part[Field], undefined>, context);
}
