/** The functions of the language: distributions from the catalog, and the two that are none. */
import { DISTRIBUTIONS } from '../../contract/catalog/blocks.ts';

export interface FunctionEntry {
  readonly signature: string;
  readonly doc: string;
}

export const FUNCTIONS: Readonly<Record<string, FunctionEntry>> = {
  ...DISTRIBUTIONS,
  secret: {
    signature: 'secret("NAME")',
    doc: "A secret by its name: looked up in the environment or the editor's secret storage when the run starts, never written to a plan or report.",
  },
  json: { signature: 'json(name)', doc: 'Inside a text: the value as a JSON string, quotes and escapes included.' },
};

export interface FunctionParameter {
  /** The argument's name, where it can be given by name. */
  readonly name?: string;
  /** As it stands in the form's label. */
  readonly label: string;
  readonly doc: string;
  /** Has the unit of what it stands for. */
  readonly isQuantity: boolean;
}

/** One way to call a function. */
export interface FunctionForm {
  readonly label: string;
  readonly parameters: readonly FunctionParameter[];
}

const quantity = (name: string, label: string, doc: string): FunctionParameter => ({
  name,
  label,
  doc,
  isQuantity: true,
});
const MEAN = 'Its mean.';

/** Every form a function can be called in, the usual one first. */
export const FUNCTION_FORMS: Readonly<Record<string, readonly FunctionForm[]>> = {
  normal: [
    {
      label: 'normal(mean, stddev)',
      parameters: [
        quantity('mean', 'mean', MEAN),
        quantity('stddev', 'stddev', 'Its standard deviation: two thirds of the values lie within it around the mean.'),
      ],
    },
  ],
  lognormal: [
    {
      label: 'lognormal(mean m, p99 q)',
      parameters: [
        quantity('mean', 'mean m', MEAN),
        quantity(
          'p99',
          'p99 q',
          '99 % of the values are at most this; above the mean, and at most about 15 times of it.',
        ),
      ],
    },
    {
      label: 'lognormal(mean m, stddev d)',
      parameters: [quantity('mean', 'mean m', MEAN), quantity('stddev', 'stddev d', 'Its standard deviation.')],
    },
  ],
  uniform: [
    {
      label: 'uniform(low .. high)',
      parameters: [
        quantity('min', 'low', 'The smallest value.'),
        quantity('max', 'high', 'The largest value; it can occur.'),
      ],
    },
  ],
  exponential: [{ label: 'exponential(mean)', parameters: [quantity('mean', 'mean', 'Its mean, above zero.')] }],
  secret: [
    {
      label: 'secret("NAME")',
      parameters: [
        { label: '"NAME"', doc: 'Letters, digits, `_`, `-` and `.`; never the secret itself.', isQuantity: false },
      ],
    },
  ],
  json: [
    {
      label: 'json(name)',
      parameters: [{ label: 'name', doc: 'A param, or a placeholder such as `prompt`.', isQuantity: false }],
    },
  ],
};
