using System.Text;
using Contracts.Http;

namespace Receiver;

/// <summary>201: the event is durable. The trace id stands in the body and in a header.</summary>
/// <param name="traceId">The trace id's digits.</param>
internal sealed class Receipt(string traceId) : IResult, IStatusCodeHttpResult
{
    public int? StatusCode => StatusCodes.Status201Created;

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var body = Encoding.ASCII.GetBytes($$"""{"trace_id":{{traceId}}}""");
        var response = httpContext.Response;
        response.StatusCode = StatusCodes.Status201Created;
        response.ContentType = "application/json";
        response.ContentLength = body.Length;
        response.Headers[HttpHeaders.TraceId] = traceId;
        return response.Body.WriteAsync(body, httpContext.RequestAborted).AsTask();
    }
}
