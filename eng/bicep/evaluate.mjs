// What a deployment with these parameters comes to: each resource with its values, as far as they are known beforehand.
// What Azure alone knows is an Unknown, and ⟨its name⟩ within a text. Conditions are not heeded, so that options are checked too.
import { dirname, join } from 'node:path/posix';
import { constant, property } from './project.mjs';

export class Unknown {
  constructor(text) {
    this.text = text;
  }

  toString() {
    return `⟨${this.text}⟩`;
  }
}

/** @returns {{ file, resource, type, body }[]} every resource of every module, as often as it is made. */
export function deployment(project, parameters = {}) {
  return new Scope(project, project.main, parameters).resources();
}

const known = (values, make) => values.find(value => value instanceof Unknown) ?? make();

/** Functions on values. */
const onValues = {
  any: value => value,
  concat: (...lists) => lists.flat(),
  contains: (of, part) => typeof of === 'object' && !Array.isArray(of) ? part in of : of.includes(part),
  empty: value => value === null || value === '' || (typeof value === 'object' && Object.keys(value).length === 0),
  items: object => Object.keys(object).sort().map(key => ({ key, value: object[key] })),
  length: value => value.length,
  replace: (text, from, to) => text.replaceAll(from, to),
  toLower: text => text.toLowerCase(),
  union: (...all) => Array.isArray(all[0]) ? [...new Set(all.flat())] : Object.assign({}, ...all),
};

const onSigns = {
  '==': (a, b) => a === b, '!=': (a, b) => a !== b, '&&': (a, b) => a && b, '||': (a, b) => a || b, '??': (a, b) => a ?? b,
  '<': (a, b) => a < b, '<=': (a, b) => a <= b, '>': (a, b) => a > b, '>=': (a, b) => a >= b, '+': (a, b) => a + b, '-': (a, b) => a - b,
};

function fail(message) {
  throw new Error(message);
}

class Scope {
  #project;
  #file;
  #given;
  #symbols = new Map();

  constructor(project, file, given) {
    [this.#project, this.#file, this.#given] = [project, file, given];
  }

  resources() {
    const own = this.#file.resources.filter(resource => !resource.existing).flatMap(resource => this.#repeat(resource).map(body => (
      { file: this.#file, resource, type: resource.type, body })));
    const inner = this.#file.of('module').filter(module => module.file).flatMap(module => this.#module(module).resources());
    return [...own, ...inner];
  }

  #repeat({ loop, body }) {
    if (!loop) {
      return [this.#value(body, {})];
    }

    const list = this.#value(loop.of, {});
    return (Array.isArray(list) ? list : [list]).map((item, index) => this.#value(body, { [loop.names[0]]: item, [loop.names[1]]: index }));
  }

  #module(module) {
    const given = property(module.body, 'params')?.value?.properties ?? [];
    return new Scope(this.#project, module.file, Object.fromEntries(given.map(one => [constant(one.key), this.#value(one.value, {})])));
  }

  output(name) {
    const output = this.#file.of('output').find(one => one.name === name);
    return output ? this.#value(output.value, {}) : new Unknown(name);
  }

  #symbol(name) {
    if (!this.#symbols.has(name)) {
      // Stands for itself while it is worked out, so that a circle ends.
      this.#symbols.set(name, new Unknown(name));
      this.#symbols.set(name, this.#define(this.#file.symbols.get(name), name));
    }

    return this.#symbols.get(name);
  }

  #define(symbol, name) {
    switch (symbol?.keyword) {
      case 'param': return name in this.#given ? this.#given[name] : symbol.value ? this.#value(symbol.value, {}) : new Unknown(name);
      case 'var': return this.#value(symbol.value, {});
      case 'module': return symbol.file ? { outputs: this.#module(symbol) } : new Unknown(name);
      default: return new Unknown(name);
    }
  }

  #value(expression, locals) {
    const value = inner => this.#value(inner, locals);
    switch (expression.kind) {
      case 'value': return expression.value;
      case 'name': return expression.name in locals ? locals[expression.name] : this.#symbol(expression.name);
      case 'string': return this.#text(expression, locals);
      case 'array': return expression.items.map(value);
      case 'object': return Object.fromEntries(expression.properties.map(one => [value(one.key), value(one.value)]));
      case 'for': return this.#for(expression, locals);
      case 'if': return value(expression.body);
      case 'choice': {
        const test = value(expression.test);
        return test instanceof Unknown ? test : value(test ? expression.yes : expression.no);
      }

      case 'binary': {
        const both = [value(expression.left), value(expression.right)];
        return known(both, () => onSigns[expression.sign]?.(...both) ?? null);
      }

      case 'unary': {
        const of = value(expression.of);
        return known([of], () => expression.sign === '!' ? !of : -of);
      }

      case 'member': case 'nested': return this.#member(value(expression.of), expression.name, expression.safe);
      case 'index': return this.#member(value(expression.of), value(expression.index), expression.safe);
      case 'call': return this.#call(expression, locals);
      default: return new Unknown(expression.kind);
    }
  }

  #text({ parts }, locals) {
    const values = parts.map(part => typeof part === 'string' ? part : this.#value(part, locals));
    return values.length === 1 && values[0] instanceof Unknown ? values[0] : values.join('');
  }

  #for({ of, names, body }, locals) {
    const list = this.#value(of, locals);
    return Array.isArray(list)
      ? list.map((item, index) => this.#value(body, { ...locals, [names[0]]: item, [names[1]]: index }))
      : new Unknown('loop');
  }

  #member(of, name, safe) {
    if (of instanceof Scope) {
      return of.output(name);
    }

    const there = of instanceof Unknown || safe || (of !== null && typeof of === 'object' && name in of);
    return !there ? fail(`there is no ${name} in ${JSON.stringify(of)}`) : of instanceof Unknown ? new Unknown(`${of.text}.${name}`) : of[name] ?? null;
  }

  #call(call, locals) {
    const name = call.of.name;
    const [first, ...lambdas] = call.arguments;
    const each = lambda => item => this.#value(lambda.body, { ...locals, [lambda.names[0]]: item });
    if (name === 'loadJsonContent') {
      const path = join(dirname(this.#file.path), constant(first));
      return JSON.parse(this.#project.read(path) ?? fail(`there is no ${path}`));
    }

    if (['map', 'filter', 'toObject'].includes(name)) {
      const list = this.#value(first, locals);
      const [key, item] = [each(lambdas[0]), lambdas[1] ? each(lambdas[1]) : one => one];
      return known([list], () => name === 'toObject'
        ? Object.fromEntries(list.map(one => [`${key(one)}`, item(one)]))
        : name === 'map' ? list.map(key) : list.filter(one => key(one) === true));
    }

    const values = call.arguments.map(argument => this.#value(argument, locals));
    if (name === 'empty' && values[0] instanceof Unknown) {
      // What Azure makes up is there.
      return false;
    }

    const unknown = () => new Unknown(`${name}(${values.join(', ')})`);
    return name in onValues ? known(values, () => onValues[name](...values)) : unknown();
  }
}
