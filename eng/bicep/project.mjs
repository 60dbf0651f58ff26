// The Bicep files of a project with their symbols, and what each rule needs to walk through them.
import { dirname, join } from 'node:path/posix';
import { parse } from './syntax.mjs';

/** Reads the files that main.bicep reaches; texts are looked up by path from the repository's root. */
export class Project {
  files = new Map();
  findings = [];

  constructor(main, read) {
    this.read = read;
    this.main = this.#load(main);
  }

  report(rule, file, line, message) {
    this.findings.push({ rule, file: file.path ?? file, line, message });
  }

  #load(path) {
    if (this.files.has(path)) {
      return this.files.get(path);
    }

    const { declarations, errors } = parse(this.read(path));
    const file = new BicepFile(path, declarations);
    this.files.set(path, file);
    errors.forEach(error => this.report('syntax', file, error.line, error.message));
    for (const module of file.of('module')) {
      const target = join(dirname(path), constant(module.target) ?? '');
      module.file = null;
      if (this.read(target) === null) {
        this.report('module-path', file, module.line, `there is no module ${target}`);
      } else {
        module.file = this.#load(target);
      }
    }

    return file;
  }
}

class BicepFile {
  symbols = new Map();

  constructor(path, declarations) {
    this.path = path;
    this.declarations = declarations;
    this.scope = constant(declarations.find(one => one.keyword === 'targetScope')?.value) ?? 'resourceGroup';
    for (const one of declarations.filter(one => !['output', 'metadata', 'targetScope'].includes(one.keyword))) {
      this.symbols.set(one.name, one);
    }

    this.resources = [...nested(declarations.filter(one => one.keyword === 'resource'), null)];
    this.resources.forEach(resource => this.#nameType(resource));
  }

  of(keyword) {
    return this.declarations.filter(one => one.keyword === keyword);
  }

  #nameType(resource) {
    const [type, version] = (constant(resource.target) ?? '').split('@');
    const parent = resource.outer;
    resource.type = parent ? `${parent.type}/${type}` : type;
    resource.version = version ?? parent?.version ?? '';
  }
}

function* nested(resources, outer) {
  for (const resource of resources) {
    resource.outer = outer;
    yield resource;
    yield* nested(resource.body.resources ?? [], resource);
  }
}

/** The text of a string without interpolations; undefined for anything else. */
export function constant(expression) {
  return expression?.kind === 'string' && expression.parts.every(part => typeof part === 'string') ? expression.parts.join('') : undefined;
}

export function property(object, name) {
  return object?.kind === 'object' ? object.properties.find(one => constant(one.key) === name) : undefined;
}

/** Every expression directly within this one, with the names that it binds there. */
export function* children(expression) {
  switch (expression?.kind) {
    case 'string': for (const part of expression.parts) { if (typeof part !== 'string') { yield [part]; } } break;
    case 'array': for (const item of expression.items) { yield [item]; } break;
    case 'object':
      for (const one of expression.properties) { yield [one.key]; yield [one.value]; }
      for (const resource of expression.resources) { yield* parts(resource); }
      break;
    case 'member': case 'nested': yield [expression.of]; break;
    case 'index': yield [expression.of]; yield [expression.index]; break;
    case 'call':
      if (expression.of.kind !== 'name') { yield [expression.of]; }
      for (const argument of expression.arguments) { yield [argument]; }
      break;
    case 'lambda': yield [expression.body, expression.names]; break;
    case 'choice': yield [expression.test]; yield [expression.yes]; yield [expression.no]; break;
    case 'binary': yield [expression.left]; yield [expression.right]; break;
    case 'unary': yield [expression.of]; break;
    case 'for': yield [expression.of]; yield [expression.body, expression.names]; break;
    case 'if': yield [expression.test]; yield [expression.body]; break;
  }
}

/** The expressions of a declaration. */
export function* parts(declaration) {
  for (const decorator of declaration.decorators ?? []) {
    for (const argument of decorator.arguments ?? []) { yield [argument]; }
  }

  if (declaration.value) { yield [declaration.value]; }
  if (declaration.loop) { yield [declaration.loop.of]; }
  if (declaration.condition) { yield [declaration.condition, declaration.loop?.names]; }
  if (declaration.body) { yield [declaration.body, declaration.loop?.names]; }
}

const walked = new WeakMap();

/** Everything below, depth first, with the local names in force and the choices around it. */
export function everything(declaration) {
  const found = walked.get(declaration) ?? [];
  if (!walked.has(declaration)) {
    walked.set(declaration, found);
    for (const part of parts(declaration)) {
      collect(part, new Set(), [], found);
    }
  }

  return found;
}

function collect([expression, names], locals, tests, found) {
  const inner = expression?.resources?.map(one => one.name) ?? [];
  const known = names || inner.length > 0 ? new Set([...locals, ...(names ?? []), ...inner]) : locals;
  found.push({ expression, locals: known, tests });
  if (expression?.kind === 'choice') {
    collect([expression.test], known, tests, found);
    collect([expression.yes], known, [...tests, expression.test], found);
    collect([expression.no], known, tests, found);
  } else {
    for (const child of children(expression)) {
      collect(child, known, tests, found);
    }
  }
}

/** The same for two expressions of the same shape, wherever they stand. */
export function shape(expression) {
  return JSON.stringify(expression, (key, value) => key === 'line' ? undefined : value);
}
