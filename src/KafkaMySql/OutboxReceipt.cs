namespace KafkaMySql;

/// <summary>
/// Travels with one <c>Produce</c> through the outbox: the caller may hand an idempotency key in and finds the receipt here afterwards.
/// <code>
/// var receipt = new OutboxReceipt(key);
/// await topic.Produce(listing.ListingId, listing, Pipe.Execute&lt;SendContext&gt;(receipt.AddTo), cancellationToken);
/// return receipt.Receipt.TraceId;
/// </code>
/// </summary>
/// <param name="idempotency">The client's idempotency key; null when it sent none.</param>
public sealed class OutboxReceipt(IdempotencyKey? idempotency = null)
{
    private LogReceipt? _receipt;

    /// <summary>The client's idempotency key.</summary>
    public IdempotencyKey? Idempotency { get; } = idempotency;

    /// <summary>Where the event stands in the log.</summary>
    /// <exception cref="InvalidOperationException"><c>Produce</c> has not completed, or did not go through the outbox.</exception>
    public LogReceipt Receipt
    {
        get => _receipt ?? throw new InvalidOperationException("Nothing was appended to the event log yet.");
        internal set => _receipt = value;
    }

    /// <summary>Puts this object on the send context, where the outbox looks for it.</summary>
    public void AddTo(MassTransit.PipeContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.AddOrUpdatePayload(() => this, _ => this);
    }
}
