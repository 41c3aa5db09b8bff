internal import Artefacts

extension JournalEvent.Act {
    /// What was done, in a sentence for whoever reads the archive.
    var sentence: String {
        switch self {
        case .childAdded: "The child was added to Keepsake."
        case .childSeen: "What is known of the child was read."
        case .childrenListed: "Children were listed."
        case .childExported: "The story was exported as a bag."
        case .timelineSeen: "The story was read."
        case .searched: "The story was searched."
        case .uploadCreated: "An upload to the story was begun."
        case .uploadCancelled: "An upload to the story was cancelled."
        case .artefactLinked: "An artefact was added to the story."
        case .artefactInspected: "An artefact was inspected."
        case .artefactRefused: "An upload was refused; its bytes were not kept."
        case .artefactDerived: "A preview, or another derivative, was made of an artefact."
        case .artefactNotDerived: "A derivative could not be made of an artefact."
        case .derivativeRead: "A preview, or another derivative, of an artefact was read."
        case .artefactReleased: "Somebody let an artefact be seen that had been held."
        case .artefactHeld: "Somebody held an artefact back again."
        case .artefactSeen: "What is known of an artefact was read."
        case .contentRead: "The bytes of an artefact were read."
        case .corrected: "Words about an entry of the story were written anew."
        case .historySeen: "What was written about an entry of the story was read."
        case .locationRead: "It was read where an artefact was made."
        case .tokenCreated: "A credential for the story was made."
        case .signedIn: "Somebody signed in."
        case .signedOut: "Somebody signed out."
        case .blobDamaged: "A stored file was found to be damaged."
        case .blobHealed: "A stored file was found to be whole again."
        case .blobsVerified: "Every stored file was read and verified."
        case .garbageCollected: "A stored file that nothing referred to was removed."
        case .keysRotated: "The keys of the store were rotated."
        case .keysRetired: "Old keys of the store were retired."
        case .indexRebuilt: "The index was made anew from the records beside the stored files."
        case .backedUp: "The store was backed up."
        case .restored: "The store was restored from a backup."
        }
    }

    /// What the subject of the record identifies.
    var subject: String {
        switch self {
        case .childAdded, .childSeen, .childrenListed, .childExported, .timelineSeen, .searched: "child"
        case .uploadCreated, .uploadCancelled, .artefactRefused: "upload"
        case .artefactLinked, .artefactInspected, .artefactDerived, .artefactNotDerived, .artefactReleased,
            .artefactHeld,
            .artefactSeen, .contentRead,
            .derivativeRead, .locationRead:
            "artefact"
        case .corrected: "field of an entry"
        case .historySeen: "entry"
        case .tokenCreated, .signedIn, .signedOut: "credential"
        case .blobDamaged, .blobHealed, .garbageCollected: "blob"
        case .blobsVerified: "verification"
        case .keysRotated, .keysRetired: "key"
        case .indexRebuilt: "index"
        case .backedUp, .restored: "store"
        }
    }
}
