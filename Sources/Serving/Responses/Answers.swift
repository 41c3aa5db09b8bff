internal import HTTPTypes
internal import Hummingbird

/// Sees to it that every request has an answer, and that each says what all of ours say.
///
/// One step, not one for each of them: a step keeps its frames for as long as
/// the request lasts, and an upload can last for hours.
struct Answers: RouterMiddleware {
    let problems: ProblemAnswers
    let origins: CrossOrigin

    func handle(
        _ request: Request, context: RequestScope,
        next: (Request, RequestScope) async throws -> Response
    ) async throws -> Response {
        var response: Response
        if origins.isPreflight(request) {
            response = Response(status: .ok)
        } else {
            do {
                try request.expectHost()
                response = try await next(request, context)
            } catch {
                response = try problems.answer(to: request, error, context)
            }
        }
        TusVersion.tell(in: &response, to: request)
        origins.open(&response, to: request)
        SecurityHeaders.add(to: &response)
        return response
    }
}

extension Request {
    /// - Throws: ``Problem`` where it does not say to whom it is sent. Source: RFC 9112, section 3.2.
    fileprivate func expectHost() throws(Problem) {
        guard head.authority != nil else { throw .badRequest("The field “Host” is missing.") }
    }
}
