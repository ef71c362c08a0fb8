import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router'
import { hearSession, sessionHeard, signedIn } from './lib/session'

const routes: RouteRecordRaw[] = [
  { path: '/', name: 'city', component: () => import('./pages/CityPage.vue'), meta: { title: 'nav.city', wide: true } },
  { path: '/cases', name: 'cases', component: () => import('./pages/CasesPage.vue'), meta: { title: 'nav.cases', wide: true } },
  { path: '/cases/:no', name: 'case', component: () => import('./pages/CasePage.vue'), props: true, meta: { title: 'case.title' } },
  { path: '/report/:step?', name: 'report', component: () => import('./pages/ReportPage.vue'), props: true, meta: { title: 'nav.report', plain: true } },
  { path: '/r/:token', name: 'receipt', component: () => import('./pages/ReceiptPage.vue'), props: true, meta: { title: 'receipt.title', plain: true } },
  { path: '/reports', name: 'reports', component: () => import('./pages/ReportsPage.vue'), meta: { title: 'reports.title' } },
  { path: '/reports/:id(\\d+)', name: 'publicReport', component: () => import('./pages/OneReportPage.vue'), props: true, meta: { title: 'reports.one' } },
  { path: '/evaluation', name: 'evaluation', component: () => import('./pages/EvaluationPage.vue'), meta: { title: 'evaluation.title', wide: true } },
  { path: '/evaluation/cases', name: 'figure', component: () => import('./pages/FigurePage.vue'), meta: { title: 'evaluation.list.title' } },
  { path: '/catalogue', name: 'catalogue', component: () => import('./pages/CataloguePage.vue'), meta: { title: 'nav.catalogue' } },
  { path: '/interface', name: 'interface', component: () => import('./pages/InterfacePage.vue'), meta: { title: 'interface.title' } },
  { path: '/algorithms', name: 'algorithms', component: () => import('./pages/AlgorithmsPage.vue'), meta: { title: 'algorithms.title' } },
  { path: '/open-data', name: 'openData', component: () => import('./pages/OpenDataPage.vue'), meta: { title: 'open.title' } },
  { path: '/sign-in', name: 'signIn', component: () => import('./pages/SignInPage.vue'), meta: { title: 'signIn.title', plain: true } },
  { path: '/sign-on', name: 'signOn', component: () => import('./pages/SignOnPage.vue'), meta: { title: 'signOn.title', plain: true } },
  { path: '/account', name: 'account', component: () => import('./pages/AccountPage.vue'), meta: { title: 'account.title', staff: true } },
  { path: '/inbox', name: 'inbox', component: () => import('./pages/InboxPage.vue'), meta: { title: 'nav.inbox', staff: true } },
  { path: '/inbox/:no', name: 'signal', component: () => import('./pages/SignalPage.vue'), props: true, meta: { title: 'work.title', staff: true } },
  { path: '/people', name: 'people', component: () => import('./pages/PeoplePage.vue'), meta: { title: 'people.title', staff: true } },
  { path: '/outward', name: 'outward', component: () => import('./pages/OutwardPage.vue'), meta: { title: 'outward.title', staff: true } },
  { path: '/alarms', name: 'alarms', component: () => import('./pages/AlarmsPage.vue'), meta: { title: 'alarms.title', staff: true, wide: true } },
  { path: '/alarms/:id(\\d+)', name: 'alarm', component: () => import('./pages/AlarmPage.vue'), props: true, meta: { title: 'alarms.one', staff: true } },
  { path: '/rules', name: 'rules', component: () => import('./pages/RulesPage.vue'), meta: { title: 'rules.title', staff: true } },
  { path: '/rules/:id', name: 'rule', component: () => import('./pages/RulePage.vue'), props: true, meta: { title: 'rules.one', staff: true } },
  { path: '/maintenance', name: 'maintenance', component: () => import('./pages/MaintenancePage.vue'), meta: { title: 'maintenance.title', staff: true } },
  { path: '/dashboards', name: 'dashboards', component: () => import('./pages/DashboardPage.vue'), meta: { title: 'dashboards.title', staff: true, wide: true } },
  { path: '/dashboards/:id', name: 'dashboard', component: () => import('./pages/DashboardPage.vue'), props: true, meta: { title: 'dashboards.title', staff: true, wide: true } },
  { path: '/devices', name: 'devices', component: () => import('./pages/DevicesPage.vue'), meta: { title: 'devices.title', staff: true, wide: true } },
  { path: '/devices/new', name: 'newDevice', component: () => import('./pages/NewDevicePage.vue'), meta: { title: 'devices.register', staff: true } },
  { path: '/devices/claim', name: 'claim', component: () => import('./pages/ClaimPage.vue'), meta: { title: 'claim.title', staff: true, plain: true } },
  { path: '/devices/:id(\\d+)', name: 'device', component: () => import('./pages/DevicePage.vue'), props: true, meta: { title: 'devices.one', staff: true } },
  { path: '/ingest', name: 'ingest', component: () => import('./pages/IngestPage.vue'), meta: { title: 'ingest.title', staff: true } },
  { path: '/phone', name: 'phone', component: () => import('./pages/PhoneDeskPage.vue'), meta: { title: 'phone.title', staff: true, wide: true } },
  { path: '/call-backs', name: 'callBacks', component: () => import('./pages/CallBacksPage.vue'), meta: { title: 'callBack.title', staff: true } },
  { path: '/rates', name: 'rates', component: () => import('./pages/RatesPage.vue'), meta: { title: 'rates.title' } },
  { path: '/:rest(.*)*', name: 'missing', component: () => import('./pages/MissingPage.vue'), meta: { title: 'missing.title' } },
]
if (import.meta.env.DEV || import.meta.env.VITE_GALLERY) {
  routes.unshift({ path: '/gallery', name: 'gallery', component: () => import('./pages/GalleryPage.vue'), meta: { title: 'gallery.title' } })
}

export const router = createRouter({
  history: createWebHistory(),
  routes,
  scrollBehavior: (to, from, saved) => saved ?? (to.path === from.path ? undefined : { top: 0 }),
})

// Pages for staff ask who is there first. Whoever is not signed in comes back to the page that they wanted.
router.beforeEach(async (to) => {
  if (!to.meta.staff) return true
  if (!sessionHeard.value) await hearSession()
  return signedIn.value ? true : { name: 'signIn', query: { next: to.fullPath } }
})
