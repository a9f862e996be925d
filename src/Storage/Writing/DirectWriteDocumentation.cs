using Contracts;
using Microsoft.AspNetCore.Mvc;

namespace Storage.Writing;

/// <summary>What the API document says of a write route.</summary>
internal static class DirectWriteDocumentation
{
    public static RouteHandlerBuilder DescribesDirectWrite(this RouteHandlerBuilder route) =>
        route
            .WithSummary("Store an event around the Receiver")
            .WithDescription(
                "Switched off unless the setting Storage:WriteRoutes is on. The body is the Receiver's, with trace_id required."
            )
            .WithMetadata(new RequestSizeLimitAttribute(FieldLimits.Body))
            .Produces(StatusCodes.Status201Created)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType);
}
