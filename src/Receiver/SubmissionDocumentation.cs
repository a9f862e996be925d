using Contracts;
using Contracts.Fields;
using Contracts.Http;
using Microsoft.OpenApi;
using Receiver.Batches;

namespace Receiver;

/// <summary>What the API document says of the routes that read their bodies by themselves.</summary>
internal static class SubmissionDocumentation
{
    private const string KeyRule =
        "Marks a repeat: the same key with the same body gets the first answer again, with another body 422. Remembered for 24 hours, per type of event.";

    public static void DescribesSubmission(this RouteHandlerBuilder route, EventType type, string summary) =>
        route
            .WithName($"post_{type.Name}")
            .WithTags(type.Name)
            .WithSummary(summary)
            .WithDescription(
                "201 says that the event is durable: it will be on the topic and in its table exactly once. Properties beyond those listed are carried along."
            )
            .AddOpenApiOperationTransformer(
                (operation, _, _) =>
                {
                    operation.RequestBody = Body("application/json", SchemaOf(type));
                    operation.Parameters =
                    [
                        new OpenApiParameter
                        {
                            Name = HttpHeaders.IdempotencyKey,
                            In = ParameterLocation.Header,
                            Description = KeyRule,
                            Schema = new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = IdempotencyKeys.MaxLength },
                        },
                    ];
                    operation.Responses = new OpenApiResponses
                    {
                        ["201"] = new OpenApiResponse
                        {
                            Description = "The event is durable.",
                            Content = Content("application/json", Object(("trace_id", SchemaOf(type.TraceId)))),
                            Headers = new Dictionary<string, IOpenApiHeader>
                            {
                                [HttpHeaders.TraceId] = new OpenApiHeader
                                {
                                    Description = "The trace id as text.",
                                    Schema = new OpenApiSchema { Type = JsonSchemaType.String },
                                },
                            },
                        },
                        ["400"] = Problem("The request is wrong; the detail names the field."),
                        ["413"] = Problem($"The body is larger than {FieldLimits.Body} bytes."),
                        ["415"] = Problem("The content type is not application/json."),
                        ["422"] = Problem("The idempotency key was used with another body."),
                        ["429"] = Message("Too many events are waiting. Retry-After says when to try again."),
                        ["503"] = Message("The event is not durable. Retry-After says when to try again."),
                    };
                    return Task.CompletedTask;
                }
            );

    public static void DescribesBatch(this RouteHandlerBuilder route) =>
        route
            .WithName("post_events")
            .WithTags("events")
            .WithSummary("Post many events")
            .WithDescription(
                $"One event per line, at most {BatchSubmission.MaxLines} lines and {BatchSubmission.MaxBytes} bytes: "
                    + """{"type":"listings","payload":{...},"idempotency_key":"..."}; the key is optional. """
                    + "The reply has one line per line, in order. "
                    + KeyRule
            )
            .AddOpenApiOperationTransformer(
                (operation, _, _) =>
                {
                    operation.RequestBody = Body(BatchReply.ContentType, LineSchema);
                    operation.Responses = new OpenApiResponses
                    {
                        ["200"] = new OpenApiResponse
                        {
                            Description = "What became of each line.",
                            Content = Content(BatchReply.ContentType, ResultSchema),
                        },
                        ["400"] = Problem("The body is empty or a query parameter is unknown."),
                        ["413"] = Problem("Too many lines or bytes."),
                        ["415"] = Problem($"The content type is not {BatchReply.ContentType}."),
                        ["503"] = new OpenApiResponse
                        {
                            Description = "Nothing became durable. Retry-After says when to try again.",
                            Content = Content(BatchReply.ContentType, ResultSchema),
                        },
                    };
                    return Task.CompletedTask;
                }
            );

    private static OpenApiSchema ResultSchema => Object(("line", Integer), ("status", Integer), ("trace_id", TraceId), ("detail", Text));

    private static OpenApiSchema LineSchema =>
        Object(("type", Text), ("payload", new OpenApiSchema { Type = JsonSchemaType.Object }), ("idempotency_key", Text));

    // A number or a text, as its system's trace ids are.
    private static OpenApiSchema TraceId => new() { Type = JsonSchemaType.Integer | JsonSchemaType.String };

    private static OpenApiSchema Integer => new() { Type = JsonSchemaType.Integer, Format = "int64" };

    private static OpenApiSchema Text => new() { Type = JsonSchemaType.String };

    private static OpenApiSchema SchemaOf(EventType type)
    {
        var schema = Object([.. type.Fields.Append(type.TraceId).Select(field => (field.Name, SchemaOf(field)))]);
        schema.Required = type.Fields.Where(field => field.Required).Select(field => field.Name).ToHashSet();
        schema.AdditionalPropertiesAllowed = true;
        return schema;
    }

    private static OpenApiSchema SchemaOf(EventField field)
    {
        var schema = new OpenApiSchema();
        foreach (var (keyword, value) in field.Schema)
        {
            switch (keyword)
            {
                case "type":
                    schema.Type = Enum.Parse<JsonSchemaType>((string)value, ignoreCase: true);
                    break;
                case "format":
                    schema.Format = (string)value;
                    break;
                case "maxLength":
                    schema.MaxLength = (int)value;
                    break;
                case "enum":
                    schema.Enum = [.. ((IEnumerable<string>)value).Select(choice => System.Text.Json.Nodes.JsonValue.Create(choice)!)];
                    break;
                case "minimum":
                    schema.Minimum = Number(value);
                    break;
                case "exclusiveMinimum":
                    schema.ExclusiveMinimum = Number(value);
                    break;
                case "exclusiveMaximum":
                    schema.ExclusiveMaximum = Number(value);
                    break;
            }
        }
        return schema;
    }

    private static string Number(object value) =>
        Convert
            .ToDecimal(value, System.Globalization.CultureInfo.InvariantCulture)
            .ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static OpenApiSchema Object(params (string Name, OpenApiSchema Schema)[] properties) =>
        new()
        {
            Type = JsonSchemaType.Object,
            Properties = properties.ToDictionary(property => property.Name, IOpenApiSchema (property) => property.Schema),
        };

    private static OpenApiRequestBody Body(string mediaType, OpenApiSchema schema) =>
        new() { Required = true, Content = Content(mediaType, schema) };

    private static OpenApiResponse Problem(string description) =>
        new()
        {
            Description = description,
            Content = Content("application/problem+json", Object(("type", Text), ("title", Text), ("detail", Text), ("status", Integer))),
        };

    private static OpenApiResponse Message(string description) =>
        new() { Description = description, Content = Content("application/json", Object(("message", Text))) };

    private static Dictionary<string, OpenApiMediaType> Content(string mediaType, OpenApiSchema schema) =>
        new() { [mediaType] = new OpenApiMediaType { Schema = schema } };
}
