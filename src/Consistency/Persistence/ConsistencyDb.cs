using Microsoft.EntityFrameworkCore;

namespace Consistency.Persistence;

/// <summary>What was compared, and what was found.</summary>
internal sealed class ConsistencyDb(DbContextOptions<ConsistencyDb> options) : DbContext(options)
{
    public DbSet<Difference> Differences => Set<Difference>();

    public DbSet<Book> Books => Set<Book>();

    public DbSet<PartitionState> Partitions => Set<PartitionState>();

    public DbSet<CheckRun> Runs => Set<CheckRun>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.HasCharSet("utf8mb4").UseCollation("utf8mb4_unicode_ci");
        modelBuilder.Entity<Difference>(difference =>
        {
            difference.ToTable("difference");
            difference.HasKey(row => row.Id);
            difference.Property(row => row.Id).HasColumnName("id");
            difference
                .Property(row => row.TraceId)
                .HasColumnName("trace_id")
                .HasColumnType("varchar(100)")
                .HasCharSet("ascii")
                .UseCollation("ascii_bin");
            difference.Property(row => row.Class).HasColumnName("class").HasColumnType("varchar(32)");
            difference.Property(row => row.Type).HasColumnName("type").HasColumnType("varchar(64)");
            difference.Property(row => row.EventId).HasColumnName("event_id").HasColumnType("varchar(250)");
            difference.Property(row => row.PartitionNo).HasColumnName("partition_no");
            difference.Property(row => row.Bucket).HasColumnName("bucket");
            difference.Property(row => row.Seq).HasColumnName("seq");
            difference.Property(row => row.FirstSeen).HasColumnName("first_seen").HasColumnType("datetime(6)");
            difference.Property(row => row.LastSeen).HasColumnName("last_seen").HasColumnType("datetime(6)");
            difference.Property(row => row.ClosedAt).HasColumnName("closed_at").HasColumnType("datetime(6)");
            difference.Property(row => row.ClosedBy).HasColumnName("closed_by").HasColumnType("varchar(100)");
            difference.Property(row => row.Reason).HasColumnName("reason").HasColumnType("varchar(1000)");
            difference.HasIndex(row => new { row.TraceId, row.Class }).IsUnique().HasDatabaseName("difference_trace_id");
            difference.HasIndex(row => new { row.PartitionNo, row.Bucket }).HasDatabaseName("difference_bucket");
            difference.HasIndex(row => row.ClosedAt).HasDatabaseName("difference_closed");
        });
        modelBuilder.Entity<Book>(book =>
        {
            book.ToTable("book");
            book.HasKey(row => new
            {
                row.PartitionNo,
                row.Bucket,
                row.TypeId,
            });
            book.Property(row => row.PartitionNo).HasColumnName("partition_no");
            book.Property(row => row.Bucket).HasColumnName("bucket");
            book.Property(row => row.TypeId).HasColumnName("type_id");
            book.Property(row => row.StorageRows).HasColumnName("storage_rows");
            book.Property(row => row.StorageDigest).HasColumnName("storage_digest");
            book.Property(row => row.QueueRows).HasColumnName("queue_rows");
            book.Property(row => row.QueueDigest).HasColumnName("queue_digest");
            book.Property(row => row.CheckedAt).HasColumnName("checked_at").HasColumnType("datetime(6)");
            book.Property(row => row.ComputedAt).HasColumnName("computed_at").HasColumnType("datetime(6)");
            book.HasIndex(row => row.ComputedAt).HasDatabaseName("book_computed");
        });
        modelBuilder.Entity<PartitionState>(state =>
        {
            state.ToTable("partition_state");
            state.HasKey(row => row.PartitionNo);
            state.Property(row => row.PartitionNo).HasColumnName("partition_no").ValueGeneratedNever();
            state.Property(row => row.CutSeq).HasColumnName("cut_seq");
            state.Property(row => row.VerifiedBucket).HasColumnName("verified_bucket");
        });
        modelBuilder.Entity<CheckRun>(run =>
        {
            run.ToTable("check_run");
            run.HasKey(row => row.Id);
            run.Property(row => row.Id).HasColumnName("id");
            run.Property(row => row.Kind).HasColumnName("kind").HasColumnType("varchar(16)");
            run.Property(row => row.StartedAt).HasColumnName("started_at").HasColumnType("datetime(6)");
            run.Property(row => row.Milliseconds).HasColumnName("milliseconds");
            run.Property(row => row.Status).HasColumnName("status").HasColumnType("varchar(16)");
            run.Property(row => row.Error).HasColumnName("error").HasColumnType("varchar(1000)");
            run.Property(row => row.Document).HasColumnName("document").HasColumnType("mediumtext");
            run.Property(row => row.Detail).HasColumnName("detail").HasColumnType("mediumtext");
        });
    }
}
