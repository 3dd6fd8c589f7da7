/**
 * Python as the analysis sees it: statements and expressions, and nothing that cannot matter to a race.
 * Offsets are UTF-16 units from the start of the file.
 */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface Argument {
  readonly name?: string;
  /** `*args` or `**kwargs`. */
  readonly spread?: "*" | "**";
  readonly value: Expression;
}

export interface Parameter {
  readonly name: string;
  readonly annotation?: Expression;
  readonly fallback?: Expression;
  readonly spread?: "*" | "**";
}

export interface Generator {
  readonly target: Expression;
  readonly source: Expression;
  readonly conditions: readonly Expression[];
}

export type Expression = Span &
  (
    | { readonly kind: "name"; readonly id: string }
    | { readonly kind: "attribute"; readonly object: Expression; readonly name: string }
    | { readonly kind: "call"; readonly callee: Expression; readonly args: readonly Argument[] }
    | { readonly kind: "subscript"; readonly object: Expression; readonly index: readonly Expression[] }
    | { readonly kind: "slice"; readonly parts: readonly Expression[] }
    | { readonly kind: "string"; readonly value: string; readonly parts: readonly Expression[] }
    | { readonly kind: "number"; readonly text: string }
    | { readonly kind: "constant"; readonly value: true | false | null }
    | {
        readonly kind: "binary";
        readonly operator: string;
        readonly left: Expression;
        readonly right: Expression;
      }
    | { readonly kind: "boolean"; readonly left: Expression; readonly right: Expression }
    | { readonly kind: "not"; readonly operand: Expression }
    | { readonly kind: "compare"; readonly operators: string; readonly operands: readonly Expression[] }
    | {
        readonly kind: "conditional";
        readonly test: Expression;
        readonly whenTrue: Expression;
        readonly otherwise: Expression;
      }
    | { readonly kind: "lambda"; readonly parameters: readonly Parameter[]; readonly body: Expression }
    | { readonly kind: "sequence"; readonly items: readonly Expression[] }
    | {
        readonly kind: "dictionary";
        readonly pairs: readonly { readonly key?: Expression; readonly value: Expression }[];
      }
    | {
        readonly kind: "comprehension";
        readonly body: readonly Expression[];
        readonly generators: readonly Generator[];
      }
    | { readonly kind: "walrus"; readonly target: string; readonly value: Expression }
    | { readonly kind: "await"; readonly operand: Expression }
    | { readonly kind: "yield"; readonly operand?: Expression }
    | { readonly kind: "other"; readonly parts: readonly Expression[] }
  );

export interface Handler extends Span {
  /** Names of the exceptions, as written; empty for a bare `except`. */
  readonly catches: readonly Expression[];
  readonly name?: string;
  readonly body: readonly Statement[];
}

export interface FunctionNode extends Span {
  readonly kind: "function";
  readonly name: string;
  readonly parameters: readonly Parameter[];
  readonly decorators: readonly Expression[];
  readonly body: readonly Statement[];
}

export interface ClassNode extends Span {
  readonly kind: "class";
  readonly name: string;
  readonly bases: readonly Argument[];
  readonly decorators: readonly Expression[];
  readonly body: readonly Statement[];
}

export type Statement =
  | FunctionNode
  | ClassNode
  | (Span &
      (
        | {
            readonly kind: "if";
            readonly test: Expression;
            readonly whenTrue: readonly Statement[];
            readonly otherwise: readonly Statement[];
          }
        | {
            readonly kind: "for";
            readonly target: Expression;
            readonly source: Expression;
            readonly body: readonly Statement[];
            readonly otherwise: readonly Statement[];
          }
        | {
            readonly kind: "while";
            readonly test: Expression;
            readonly body: readonly Statement[];
            readonly otherwise: readonly Statement[];
          }
        | {
            readonly kind: "try";
            readonly body: readonly Statement[];
            readonly handlers: readonly Handler[];
            readonly otherwise: readonly Statement[];
            readonly cleanup: readonly Statement[];
          }
        | {
            readonly kind: "with";
            readonly items: readonly { readonly value: Expression; readonly target?: Expression }[];
            readonly body: readonly Statement[];
          }
        | {
            readonly kind: "match";
            readonly subject: Expression;
            readonly cases: readonly (readonly Statement[])[];
          }
        | { readonly kind: "return"; readonly value?: Expression }
        | { readonly kind: "raise"; readonly value?: Expression }
        | {
            readonly kind: "assign";
            readonly target: Expression;
            readonly value?: Expression;
            readonly annotation?: Expression;
          }
        | {
            readonly kind: "augment";
            readonly target: Expression;
            readonly operator: string;
            readonly value: Expression;
          }
        | { readonly kind: "expression"; readonly value: Expression }
        | { readonly kind: "delete"; readonly targets: readonly Expression[] }
        | { readonly kind: "assert"; readonly test: Expression }
        | {
            readonly kind: "import";
            /** Dots of a relative import. */
            readonly level: number;
            readonly from?: string;
            readonly names: readonly { readonly name: string; readonly alias?: string }[];
          }
        | { readonly kind: "leave"; readonly how: "break" | "continue" }
        | { readonly kind: "pass" }
      ));
