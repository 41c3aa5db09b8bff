internal import CoreMetrics
internal import HTTPTypes
internal import Hummingbird

/// Turns every error into an answer: a problem for programs, a page for people.
struct ProblemAnswers: Sendable {
    let pages: PageTemplates

    func answer(to request: Request, _ error: any Error, _ context: RequestScope) throws -> Response {
        let problem = Problem(describing: error, logger: context.logger)
        let reason = problem.type.split(separator: "#").last.map(String.init) ?? problem.type
        Counter(label: "keepsake_refusals_total", dimensions: [("reason", reason)]).increment()
        var response =
            wantsPage(request)
            ? page(for: problem, signedIn: context.credential != nil)
            : try .json(
                ProblemDocument(problem, instance: request.uri.path), status: problem.status,
                contentType: "application/problem+json")
        for field in problem.headers { response.headers[field.name] = field.value }
        if request.mayHaveMuchToSend { response.headers[.connection] = "close" }
        // Bytes behind such an answer would be taken for the next one.
        if request.method == .head { response.body = ResponseBody() }
        return response
    }

    private func wantsPage(_ request: Request) -> Bool {
        let path = request.uri.path
        return !path.hasPrefix("/v1/") && !path.hasPrefix("/uploads")
            && request.headers[.accept]?.contains("text/html") == true
    }

    private func page(for problem: Problem, signedIn: Bool) -> Response {
        if problem.status == .unauthorized { return .redirect(to: "/sign-in") }
        return .page(
            pages.render(ProblemPage(title: problem.title, detail: problem.detail, signedIn: signedIn)),
            status: problem.status)
    }
}

extension Request {
    /// Whether reading the rest of a refused request would cost more than a new connection.
    fileprivate var mayHaveMuchToSend: Bool {
        (contentLength ?? 0) > 64 << 10 || headers[.transferEncoding] != nil
    }
}
