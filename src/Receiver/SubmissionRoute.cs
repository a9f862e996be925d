using Contracts;
using MassTransit;
using ServiceDefaults;

namespace Receiver;

/// <summary>The route that takes single events of a type.</summary>
internal static class SubmissionRoute
{
    /// <summary>Maps it, unless the type's system is switched off.</summary>
    /// <param name="app">The service.</param>
    /// <param name="type">The type of event.</param>
    /// <param name="path">Its path below the base path.</param>
    /// <param name="summary">What the API document says of it.</param>
    /// <param name="key">The record's key on the topic.</param>
    public static void MapSubmission<TKey, TMessage>(
        this WebApplication app,
        EventType type,
        string path,
        string summary,
        Func<TMessage, TKey> key
    )
        where TMessage : EventMessage
    {
        if (!app.Services.GetRequiredService<EnabledSystems>().Has(type))
            return;
        app.MapPost(path, Submit).AcceptsJson().DescribesSubmission(type, summary);

        Task<IResult> Submit(
            HttpRequest request,
            Submission submission,
            ITopicProducer<TKey, TMessage> topic,
            CancellationToken cancellationToken
        ) =>
            submission.RunAsync<TMessage>(
                request,
                (message, pipe) => topic.Produce(key(message), message, pipe, cancellationToken),
                cancellationToken
            );
    }
}
