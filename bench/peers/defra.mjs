// The same questions in DEFRA's forms engine, on one page, put together as its guide shows: hapi with its plugins,
// a session in memory instead of Redis. Answers stay in the session; nothing is stored durably.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { randomUUID } from 'node:crypto'

Object.assign(process.env, { SESSION_COOKIE_PASSWORD: 'an invented secret of the benchmark 0123456789', LOG_ENABLED: 'false', LOG_LEVEL: 'silent' })
const modules = join(import.meta.dirname, '..', 'node_modules')
process.chdir(join(modules, '..')) // the engine looks for GOV.UK Frontend from here
const { default: hapi } = await import('@hapi/hapi')
const { Engine: Memory } = await import('@hapi/catbox-memory')
const { default: pino } = await import('hapi-pino')
const { default: yar } = await import('@hapi/yar')
const { default: crumb } = await import('@hapi/crumb')
const { default: plugin } = await import('@defra/forms-engine-plugin')

const sections = JSON.parse(readFileSync(join(process.env.BENCH_FOLDER, 'questions.json'), 'utf8'))
const questions = sections.flatMap((section) => section.questions)
const kinds = { line: 'TextField', long: 'MultilineTextField', one: 'RadiosField', several: 'CheckboxesField', tick: 'CheckboxesField', date: 'DatePartsField' }
const shapes = { email: 'EmailAddressField', phone: 'TelephoneNumberField' }
const id = 'b1d5a8c0-5a3c-4f7e-9f49-0d6a3a6f1c11'
const lists = questions.filter((question) => question.choices).map((question) => ({
  id: randomUUID(), name: question.name, title: question.label, type: 'string',
  items: question.choices.map(([value, text]) => ({ id: randomUUID(), text, value }))
}))
const definition = {
  engine: 'V2', schema: 2, name: 'Referral', conditions: [], sections: [], lists,
  pages: [
    {
      id: randomUUID(), title: 'Refer a person', path: '/form', next: [],
      components: questions.map((question) => ({
        id: randomUUID(), type: shapes[question.shape] ?? kinds[question.kind], name: question.name.replaceAll('_', ''),
        title: question.label, shortDescription: question.label, hint: question.hint,
        options: { required: Boolean(question.missing) && !Object.keys(question.needed).length },
        schema: question.limit && question.shape === 'any' ? { max: question.limit } : {},
        ...(question.choices && { list: lists.find((list) => list.name === question.name).id })
      }))
    },
    { id: randomUUID(), title: 'Summary', path: '/summary', controller: 'SummaryPageController', next: [] }
  ]
}
const person = { id: 'user', displayName: 'Invented' }
const author = { createdAt: new Date(0), createdBy: person, updatedAt: new Date(0), updatedBy: person }
const metadata = { id, slug: 'referral', title: 'Referral', organisation: 'Defra', teamName: 'Invented', teamEmail: 'team@example.org', submissionGuidance: 'Thank you', notificationEmail: 'team@example.org', ...author, live: author }

const server = hapi.server({
  port: Number(process.argv[2]), host: '127.0.0.1', routes: { validate: { options: { abortEarly: false } } },
  cache: [{ name: 'session', engine: new Memory() }]
})
await server.register({ plugin: pino, options: { enabled: false, level: 'silent' } })
await server.register({ plugin: yar, options: { maxCookieSize: 0, cache: { cache: 'session' }, cookieOptions: { password: process.env.SESSION_COOKIE_PASSWORD, isSecure: false } } })
await server.register({ plugin: crumb, options: { cookieOptions: { isSecure: false } } })
await server.register({
  plugin,
  options: {
    cacheName: 'session', baseUrl: 'http://localhost:3009', viewContext: () => ({}),
    nunjucks: { baseLayoutPath: 'govuk/template.njk', paths: [join(modules, 'govuk-frontend', 'dist')] },
    services: {
      formsService: { getFormMetadata: async () => metadata, getFormDefinition: async () => definition },
      formSubmissionService: { persistFiles: async () => ({}), submit: async () => ({}) },
      outputService: { submit: async () => {} }
    }
  }
})
await server.start()
