internal import Hummingbird
internal import Ingesting
internal import Linking
internal import Preserving
internal import Receiving
internal import Storing

/// Which address does what.
struct Routes {
    let router: Router<RequestScope>

    init(
        ingestion: Ingestion, uploads: any UploadStore, blobs: any BlobStore, fixity: FixityCheck,
        catalogue: any Catalogue, meters: MeterBook, settings: ServingSettings
    ) throws {
        let pages = try PageTemplates()
        let links = PublicLinks(
            base: settings.publicURL, trustsForwarded: settings.trustsForwarded, hasTLS: settings.tls != nil)
        let declaring = Declaring(catalogue: catalogue, settings: ingestion.settings)
        let forms = FormIntake(ingestion: ingestion, declaring: declaring)
        let tus = TusController(ingestion: ingestion, declaring: declaring, links: links)
        let resumable = ResumableController(ingestion: ingestion, declaring: declaring, links: links)
        let sessions = SessionController(
            catalogue: catalogue, pages: pages, links: links, lifetime: settings.sessionLifetime)

        router = Router(context: RequestScope.self)
        router.addMiddleware {
            MetricsMiddleware()
            Answers(
                problems: ProblemAnswers(pages: pages), origins: CrossOrigin(origins: settings.allowedOrigins))
            Authentication(catalogue: catalogue)
        }

        HealthController(catalogue: catalogue, uploads: uploads).add(to: router)
        try AssetController().add(to: router)
        tus.addDiscovery(to: router)
        resumable.addDiscovery(to: router)
        sessions.addSignIn(to: router)

        let signedIn = router.group(context: SignedInScope.self)
        ChildrenController(catalogue: catalogue).add(to: signedIn)
        TimelineController(catalogue: catalogue).add(to: signedIn)
        SearchController(catalogue: catalogue).add(to: signedIn)
        EntryController(catalogue: catalogue).add(to: signedIn)
        ArtefactController(catalogue: catalogue, blobs: blobs, fixity: fixity).add(to: signedIn)
        LocationController(ingestion: ingestion, catalogue: catalogue, pages: pages).add(to: signedIn)
        DecisionController(ingestion: ingestion, artefacts: ArtefactLookup(catalogue: catalogue)).add(to: signedIn)
        WholeUploadController(
            ingestion: ingestion, declaring: declaring, forms: forms, resumable: resumable
        ).add(to: signedIn)
        UploadStatusController(ingestion: ingestion, resumable: resumable).add(to: signedIn)
        MetricsController(
            catalogue: catalogue, uploads: uploads, ledger: ingestion.ledger, book: meters
        ).add(to: signedIn)
        tus.add(to: signedIn)
        resumable.add(to: signedIn)
        sessions.add(to: signedIn)
        ChildrenPageController(catalogue: catalogue, pages: pages).add(to: signedIn)
        TimelinePageController(catalogue: catalogue, forms: forms, pages: pages).add(to: signedIn)
        SearchPageController(catalogue: catalogue, pages: pages).add(to: signedIn)
    }
}
