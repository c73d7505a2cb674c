// Everything that the studio says, in English. What depends on a number is a function of it.

const count = new Intl.NumberFormat("en");
const n = (number: number, one: string, many = `${one}s`) =>
  `${count.format(number)} ${number === 1 ? one : many}`;

export const en = {
  product: "photochrom",
  loading: "One moment …",
  close: "Close",
  tryAgain: "Try again",
  toPhotographs: "Choose photographs",
  skip: "Skip to content",

  errors: {
    offline:
      "The service cannot be reached. Nothing is lost: what was received stays, and the rest goes on when the line is back.",
    service: "Something went wrong in the service. It has been noted there; please try again.",
    unknown: "That did not work. Please try again.",
    missing: "There is nothing at this address.",
    changed: "Somebody has changed it meanwhile, so nothing was done. Look at it again first.",
    toPhotographs: "To your photographs",
  },

  nav: {
    label: "Main",
    photographs: "Photographs",
    films: "Films",
    reports: "Reports",
    activity: "Activity",
    account: "Account",
    signOut: "Sign out",
    organization: "Organization",
    members: "Members",
  },

  signIn: {
    title: "Sign in",
    lead: "Restore and color vintage photographs, and film their story.",
    email: "Email address",
    password: "Password",
    submit: "Sign in",
    busy: "Signing in …",
    wrong: "This address and password do not belong together.",
    expired: "You were signed out. Sign in again to go on; uploads continue from where they were.",
    none: "No account yet? Whoever runs this service can invite you.",
    first:
      "Nobody has an account yet. Open the link that the service printed in the terminal when it started, or make an account there with “photochrom account create”.",
    elsewhere: "Sign in with your organization",
  },

  setup: {
    title: "Welcome",
    lead: "You are the first here. Make the account that owns this service; others can be invited later.",
    organization: "Archive, museum or family",
    name: "Your name",
    passwordHelp: "At least 10 characters. A few words are better than a few symbols.",
    submit: "Create account",
    busy: "Creating …",
    noToken: "This link is not complete.",
    noTokenHelp:
      "Open the whole link that the service printed in the terminal when it started, or make an account there with “photochrom account create”.",
    spent: "This link has been used or is too old. Start the service again for a new one.",
  },

  reset: {
    title: "A new password",
    lead: "Choose a new password. Everywhere else you are signed out.",
    submit: "Set password",
    busy: "Setting …",
    spent: "This link has been used or is too old. Whoever runs this service can make another.",
  },

  invitation: {
    title: "You are invited",
    lead: (organization: string, role: string) =>
      `${organization} works on its photographs here, and wants you to ${role}.`,
    roles: {
      owner: "own this place with them",
      editor: "work with them",
      reviewer: "look at and review what they do",
      viewer: "see what they do",
    },
    signIn: (organization: string) =>
      `You have an account here. Sign in with it to join ${organization}.`,
    join: "Join",
    joining: "Joining …",
    spent: "This invitation has been used, taken back or is too old. Ask for another.",
  },

  photographs: {
    title: "Photographs",
    add: "Add photographs",
    addFolder: "Add a folder",
    drop: "Let go to add them",
    dropHelp: "Photographs and whole folders",
    grid: "Photographs",
    select: (name: string) => `Choose ${name}`,
    more: "Loading more …",
    states: {
      received: "Being looked at",
      ready: "Not restored yet",
      refused: "Cannot be read",
      waiting: "Waiting",
      working: "In work",
      done: "Restored",
      failed: "Did not work",
    },
    keys: "Arrow keys move, Space chooses, Enter opens.",
    empty: {
      title: "Bring your photographs",
      lead: "Drop scans or whole folders anywhere on this page.",
      steps: [
        [
          "Add",
          "Scans of prints, plates and negatives. TIFF, JPEG, PNG; the original is never changed.",
        ],
        ["Restore", "Choose a recipe. Each result says what was done, and how sure it is."],
        ["Film", "Choose pictures, a title and a length, and watch their story."],
      ] as [string, string][],
    },
    fresh: (number: number) =>
      number === 1
        ? "1 photograph is not restored yet"
        : `${count.format(number)} photographs are not restored yet`,
    theFile: (does: string) => `The file ${does}`,
    refusedHelp: "It was kept as it came: save it again from there, and add it once more.",
    remove: "Remove it",
    removed: "The photograph was removed.",
  },

  selection: {
    label: "What to do with the chosen photographs",
    count: (number: number) => `${count.format(number)} chosen`,
    all: "Choose all",
    none: "Choose none",
    restore: "Restore",
    report: "Report",
    film: "Make a film",
  },

  restore: {
    title: (number: number) => `Restore ${n(number, "photograph")}`,
    recipe: "Recipe",
    emulsion: "Emulsion",
    emulsionHelp: "How the plate or film saw color. If you do not know, leave it to the date.",
    byDate: "By the photograph's date",
    submit: "Restore",
    again: "Restore again",
    againHelp: "With another recipe or emulsion. The scan is here already; earlier results stay.",
    started: "It has begun. Results appear as they are done.",
    /** Used where the service describes a recipe or emulsion by its name only. */
    recipes: {
      faithful: ["Faithful", "Damage mended, cautious color, the plate's own grain kept."],
      cinema: ["Cinema", "For a large screen: twice the size, nearly as much color as there was."],
      "scan-clean": [
        "Scan clean",
        "Black and white stays black and white: damage mended, nothing added.",
      ],
    } as Record<string, [string, string]>,
    emulsions: {
      "blue-sensitive": "Blue-sensitive (to about 1885)",
      orthochromatic: "Orthochromatic (about 1885 to 1930)",
      panchromatic: "Panchromatic (from about 1930)",
      unknown: "Not known",
    } as Record<string, string>,
  },

  upload: {
    title: "Uploads",
    progress: (done: number, all: number) => `${count.format(done)} of ${n(all, "file")} added`,
    finished: (number: number) => `${n(number, "file")} added`,
    file: (name: string) => `Upload of ${name}`,
    states: {
      waiting: "Waiting",
      sending: "Being sent",
      waitingForLine: "Waiting for the line …",
      done: "Added",
      failed: "Did not work",
    },
    tooLarge: "It is larger than this service takes.",
    stop: (name: string) => `Stop the upload of ${name}`,
    clear: "Clear the list",
    skipped: (number: number) =>
      `${n(number, "file")} left out: not ${number === 1 ? "a photograph" : "photographs"}.`,
    unfinished: (number: number) =>
      `${n(number, "upload")} ${number === 1 ? "was" : "were"} not finished`,
    unfinishedHelp:
      "After a reload the browser must be given the files again. Choose them (others beside them do no harm): what has arrived is not sent twice.",
    again: "Choose the files",
    forget: "Forget them",
  },

  activity: {
    title: "Activity",
    empty:
      "Nothing is being done. Restorations, films and reports appear here while they are made.",
    kinds: { restoration: "Restoration", film: "Film", report: "Report" } as Record<string, string>,
    other: "Work",
    states: {
      queued: "Waiting for its turn",
      running: "In work",
      paused: "Paused",
      succeeded: "Done",
      failed: "Did not work",
      cancelled: "Stopped",
    },
    progress: (done: number, total: number) => `${count.format(done)} of ${count.format(total)}`,
    failures: (number: number) => `${count.format(number)} did not work`,
    pause: "Pause",
    resume: "Go on",
    cancel: "Stop",
    live: "Live",
    reconnecting: "The line is cut; trying again …",
  },

  photograph: {
    back: "All photographs",
    previous: "Previous photograph",
    next: "Next photograph",
    before: "Before",
    after: "After",
    divider: "Before and after",
    dividerValue: (percent: number) => `${percent} % before`,
    picture: "The picture. Plus and minus zoom, arrow keys move, zero shows all of it.",
    zoomIn: "Zoom in",
    zoomOut: "Zoom out",
    zoomAll: "Show all",
    working: "In work. The result appears here as soon as it is done.",
    waiting: "It waits for its turn. The result appears here as soon as it is done.",
    notReady: "The scan has arrived and is being looked at.",
    versions: "Version",
    sections: { record: "Record", restore: "Restore", downloads: "Downloads" },
    delete: "Delete the photograph",
    deleteTitle: (name: string) => `Delete ${name}?`,
    deleteHelp:
      "The scan and all pictures that were made of it are deleted for good. Films that show it stay as they are.",
    original: "Original",
    alt: (name: string) => `${name}, as scanned`,
    altAfter: (name: string) => `${name}, restored`,
    size: (width: number, height: number) =>
      `${count.format(width)} × ${count.format(height)} pixels`,
  },

  record: {
    sure: "How sure the colors are",
    sureHelp: "The network's own mean certainty. Documented colors are told apart below.",
    surePercent: (percent: number) => `${percent} %`,
    noColor: "No color was added: light and dark are the plate's own.",
    colors: "Documented colors",
    noColors: "None. All colors are estimates.",
    steps: "What was done",
    light: "The plate's own light",
    lightChange: (mean: string, max: string) => `Changed by L* ${mean} on average, ${max} at most`,
    emulsion: "Emulsion",
    digests: "Digests",
    scan: "Scan",
    recipe: "Recipe",
    network: (name: string) => `Network “${name}”`,
    copy: (what: string) => `Copy the digest: ${what}`,
    copied: "Copied",
    missing: "This version has no record.",
    stepNames: {
      fading: "Fading",
      tone: "Tone",
      repair: "Repair",
      clean: "Clean",
      clarity: "Clarity",
      sharpen: "Sharpening",
      color: "Color",
      grain: "Grain",
    } as Record<string, string>,
    said: {
      fading: "Some of what the layers of color lost given back.",
      tone: "Black and white points set.",
      toneTint: "Tint of the paper taken back; black and white points set.",
      repair: (regions: number, share: string) =>
        regions
          ? `${n(regions, "damaged place")} filled (${share} of the picture).`
          : "No damage found.",
      clean: (strength: string) => `Noise reduced (strength ${strength}).`,
      cleanNot: "Clean enough; left as it was.",
      clarity: (scale: number) => `Enlarged ${scale} times; fine detail is estimated.`,
      clarityNot: "Size left as it was.",
      sharpen: "Fine detail of the plate given more contrast.",
      color: "Color estimated under the plate's own light.",
      colorPins: (pins: number) => `Color estimated, held to ${n(pins, "documented color")}.`,
      grain: "The measured grain put back.",
      grainNot: "No grain to put back.",
      other: "Carried out.",
    },
    lessThan: (share: string) => `less than ${share}`,
    version: (version: number) => `version ${version}`,
  },

  results: {
    kinds: {
      picture: "Picture",
      record: "Record",
      film: "Film",
      captions: "Captions",
      descriptions: "Descriptions",
      cue_sheet: "Cue sheet",
      poster: "Poster",
      report: "Page",
      table: "Table of figures",
    } as Record<string, string>,
    of: (kind: string, name: string) => `Download: ${kind}, ${name}`,
  },

  film: {
    title: "Make a film",
    lead: (number: number) =>
      `Of ${n(number, "photograph")}, passing from gray into color where the length leaves time for it.`,
    name: "Title",
    nameExample: "The mill on the river",
    length: "Length",
    lengthValue: (minutes: number, seconds: number) =>
      minutes ? `${minutes} min ${String(seconds).padStart(2, "0")} s` : `${seconds} s`,
    each: (seconds: string) =>
      `About ${seconds} s for each photograph, and time for the title and credits. Long captions may take more.`,
    order: "Order",
    orders: { chosen: "As chosen", oldest: "Oldest first", name: "By name" },
    needsTitle: "Give it a title first.",
    submit: "Make the film",
    busy: "Beginning …",
    notRestored: (number: number) =>
      `${n(number, "photograph")} ${number === 1 ? "is" : "are"} not restored yet; that is done on the way.`,
    making: "The film is being made",
    makingHelp: "You can leave this page; it goes on without you.",
    video: (title: string) => `Film: ${title}`,
    captions: "Captions",
    descriptions: "Descriptions",
    failed: "The film could not be made",
    cancelled: "The making of this film was stopped",
    deleted: (number: number) =>
      `${n(number, "photograph")} of this film ${number === 1 ? "was" : "were"} deleted since. The film stays as it is.`,
    downloads: "Downloads",
    untitled: "Untitled film",
    delete: "Delete the film",
    deleteTitle: (title: string) => `Delete ${title}?`,
    deleteHelp:
      "The film is deleted for good, with its captions, cue sheet and poster. Its photographs stay, with all that was made of them, and so does its storyboard, of which programs can make it again.",
    removed: "The film was deleted.",
  },

  members: {
    title: "Members",
    lead: (organization: string) => `Who works on the photographs of ${organization}.`,
    you: "you",
    role: "Role",
    roleOf: (name: string) => `Role of ${name}`,
    roles: { owner: "Owner", editor: "Editor", reviewer: "Reviewer", viewer: "Viewer" },
    may: {
      owner: "Does everything, and sees to members and their keys.",
      editor: "Adds, restores and deletes photographs, and makes films.",
      reviewer: "Looks at everything, accepts results or sends them back.",
      viewer: "Looks at everything, and changes nothing.",
    },
    changed: (name: string, role: string) => `${name} is ${role.toLowerCase()} now.`,
    remove: (name: string) => `Remove ${name}`,
    removeHelp:
      "They see nothing of this organization any more, and their keys for it end. What they have added and made stays.",
    removed: (name: string) => `${name} was removed.`,
    leave: "Leave the organization",
    leaveTitle: "Leave the organization?",
    leaveHelp:
      "You see nothing of it any more, and your keys for it end. What you have added and made stays. Only an invitation brings you back.",
    inviteTitle: "Invite somebody",
    invite: "Invite",
    inviting: "Inviting …",
    link: (email: string) => `The link for ${email}`,
    linkHelp:
      "Hand it over yourself: no mail is sent, and it is shown this once. It is good for one person, until it runs out.",
    copy: "Copy the link",
    copied: "The link is copied.",
    notCopied: "The link is selected: copy it with your keys.",
    open: "Open invitations",
    until: (day: string) => `good until ${day}`,
    takeBack: (email: string) => `Take the invitation of ${email} back`,
  },

  films: {
    title: "Films",
    emptyTitle: "No film yet",
    empty: "Choose photographs, say a title and a length, and the film is made here.",
  },

  reports: {
    title: "Reports",
    emptyTitle: "No report yet",
    empty:
      "Choose photographs that are restored: a report shows them before and after, with what was done and how sure the colors are.",
    read: "Read the report",
    open: (what: string) => `Read the report: ${what}; opens in a new tab`,
    begun: "The report is being made.",
    delete: (what: string) => `Delete the report: ${what}`,
    forget: "Delete it",
    removed: "The report was deleted.",
    deleted: (number: number) =>
      `${n(number, "photograph")} of this report ${number === 1 ? "was" : "were"} deleted since. The report stays as it is.`,
  },
};
