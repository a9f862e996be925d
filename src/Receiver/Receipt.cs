using System.Text;
using Contracts;
using Contracts.Http;

namespace Receiver;

/// <summary>201: the event is durable. The trace id stands in the body and in a header.</summary>
internal sealed class Receipt : IResult, IStatusCodeHttpResult
{
    private readonly string? _traceId;
    private readonly byte[] _body;

    /// <param name="type">The event's type, which says how a trace id is written.</param>
    /// <param name="traceId">The trace id as text.</param>
    public Receipt(EventType type, string traceId)
    {
        _traceId = traceId;
        _body = Encoding.UTF8.GetBytes($$"""{"trace_id":{{type.TraceIdJson(traceId)}}}""");
    }

    private Receipt() => _body = [];

    /// <summary>201 for a probe: an event like it would have been taken. There is none, and so no trace id.</summary>
    public static Receipt OfNothing { get; } = new();

    public int? StatusCode => StatusCodes.Status201Created;

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = StatusCodes.Status201Created;
        response.ContentType = "application/json";
        response.ContentLength = _body.Length;
        if (_traceId is not null)
            response.Headers[HttpHeaders.TraceId] = _traceId;
        return response.Body.WriteAsync(_body, httpContext.RequestAborted).AsTask();
    }
}
