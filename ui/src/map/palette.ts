// The muted base map, in two lights. Marks take the colours of the tokens.
export interface Palette {
  ground: string; block: string; living: string; trade: string; green: string; work: string; water: string; building: string
  road: string; roadMain: string; roadEdge: string; grid: string; community: string; street: string; name: string; roadName: string; halo: string
  component: string; raised: string; line: string; paper: string; ink: string; accent: string; good: string; risk: string; late: string; calm: string; paused: string; done: string
}

export const palettes: { light: Palette; dark: Palette } = {
  light: {
    ground: '#f6f3ec', block: '#efebe2', living: '#f0ece3', trade: '#f1e8dd', green: '#e3ead9', work: '#ebe8e3', water: '#cfdee8', building: '#e3ddd1',
    road: '#ffffff', roadMain: '#ffffff', roadEdge: '#dcd6ca', grid: '#cfc8ba', community: '#b9b1a2', street: '#8d8678', name: '#4b4f55', roadName: '#6b675f', halo: '#fbfaf7',
    component: '#8d8678', raised: '#ffffff', line: '#dedad2', paper: '#ffffff', ink: '#1c1f23', accent: '#b3312f', good: '#1f7a5c', risk: '#a15c00', late: '#9c1c1c', calm: '#2b5c8a', paused: '#565b61', done: '#6d6a63',
  },
  dark: {
    ground: '#15181c', block: '#1b1f24', living: '#1b1f24', trade: '#221f20', green: '#1a2420', work: '#1d2025', water: '#1b2c3a', building: '#252a30',
    road: '#2a2f36', roadMain: '#353b43', roadEdge: '#101215', grid: '#2c3138', community: '#3b424b', street: '#5a626d', name: '#c9c6be', roadName: '#9a978f', halo: '#15181c',
    component: '#747b85', raised: '#1b1f24', line: '#3a4048', paper: '#15181c', ink: '#e9e6df', accent: '#f0706b', good: '#57c39b', risk: '#f0b24a', late: '#ff8b7e', calm: '#86b6e3', paused: '#a8a59d', done: '#96938c',
  },
}
