/** The settings of LoRA. */
import { checkOptions } from '../../host.ts';

export type TaskType = 'CAUSAL_LM' | 'SEQ_CLS';

/** Which biases are trained beside the adapters: none, those of the adapted layers, or all. */
export type LoraBias = 'none' | 'loraOnly' | 'all';

export interface LoraOptions {
  /** The rank: rows of A and columns of B; 8 if not given. */
  readonly r?: number;
  /** The adapters' outputs are multiplied by loraAlpha / r; 8 if not given. */
  readonly loraAlpha?: number;
  /** The share of an adapter's inputs that are zeroed while training; 0 if not given. */
  readonly loraDropout?: number;
  /**
   * The linear layers that get adapters: names or last parts of names; a regular expression that a whole name matches;
   * or `all-linear` for all but the head. Those that PEFT takes for the family of models if not given.
   */
  readonly targetModules?: readonly string[] | string | undefined;
  readonly bias?: LoraBias;
  /** What the model is for; it is known from the model if not given. */
  readonly taskType?: TaskType | undefined;
  /** Modules that are trained whole in a copy of their own, as the head of a classifier always is. */
  readonly modulesToSave?: readonly string[];
  /** Multiplies the adapters' outputs by loraAlpha / √r instead: https://arxiv.org/abs/2312.03732 */
  readonly useRslora?: boolean;
}

const OPTIONS: readonly (keyof LoraOptions)[] = [
  'r',
  'loraAlpha',
  'loraDropout',
  'targetModules',
  'bias',
  'taskType',
  'modulesToSave',
  'useRslora',
];
const BIASES: readonly LoraBias[] = ['none', 'loraOnly', 'all'];
const TASKS: readonly TaskType[] = ['CAUSAL_LM', 'SEQ_CLS'];

/** The settings of LoRA with PEFT's names and defaults. */
export class LoraConfig {
  readonly r: number;
  readonly loraAlpha: number;
  readonly loraDropout: number;
  readonly targetModules: readonly string[] | string | undefined;
  readonly bias: LoraBias;
  readonly taskType: TaskType | undefined;
  readonly modulesToSave: readonly string[];
  readonly useRslora: boolean;

  /**
   * @throws naming the setting that there is not or that is out of range
   * @example new LoraConfig({ r: 16, loraAlpha: 8, loraDropout: 0.05, targetModules: ['query_key_value'] })
   */
  constructor(options: LoraOptions = {}) {
    checkOptions('LoraConfig', options, OPTIONS);
    const { r = 8, loraAlpha = 8, loraDropout = 0, bias = 'none', useRslora = false } = options;
    const { targetModules, taskType, modulesToSave = [] } = options;
    const check = (holds: boolean, name: string, wanted: string, value: unknown): void => {
      if (!holds) throw new RangeError(`LoRA's ${name} must be ${wanted}, not ${JSON.stringify(value)}.`);
    };
    check(Number.isInteger(r) && r > 0, 'r', 'a whole number from 1 on', r);
    check(Number.isFinite(loraAlpha), 'loraAlpha', 'a number', loraAlpha);
    check(loraDropout >= 0 && loraDropout < 1, 'loraDropout', 'a number from 0 to below 1', loraDropout);
    check(BIASES.includes(bias), 'bias', BIASES.join(', '), bias);
    check(taskType === undefined || TASKS.includes(taskType), 'taskType', TASKS.join(' or '), taskType);
    check(targetModules?.length !== 0, 'targetModules', 'the names of layers', targetModules);
    this.r = r;
    this.loraAlpha = loraAlpha;
    this.loraDropout = loraDropout;
    this.targetModules = targetModules;
    this.bias = bias;
    this.taskType = taskType;
    this.modulesToSave = modulesToSave;
    this.useRslora = useRslora;
  }

  /** What the adapters' outputs are multiplied by. */
  get scale(): number {
    return this.loraAlpha / (this.useRslora ? Math.sqrt(this.r) : this.r);
  }
}
